"use client";
import { toast } from "sonner";
import { useInformerAction } from "#components/live/index.ts";
import { formatPlural } from "#components/ui/index.ts";
import type { InformerRow } from "#lib/protocol/index.ts";

/** Relist asks the server for everything again; replay delivers the cache again. Neither is shown as done before it is. */
export function useInformerCommands(cluster: string, { key, resource, objects }: InformerRow) {
  const relist = useInformerAction(cluster, "relist");
  const replay = useInformerAction(cluster, "replay");
  const onError = (error: Error): void => void toast.error(error.message);
  return {
    isBusy: relist.isPending || replay.isPending,
    relist: () => relist.mutate(key, { onError, onSuccess: () => void toast(`Relisting ${resource}.`) }),
    replay: () =>
      replay.mutate(key, {
        onError,
        onSuccess: () => void toast(`Replaying ${formatPlural(objects, "object")} of ${resource} to every handler.`),
      }),
  };
}
