"use client";
import { useRelist, useReplay, useVerify } from "#components/live/index.ts";
import { formatPlural, toast } from "#components/ui/index.ts";
import type { InformerRow } from "#lib/protocol/index.ts";
import { verifiedSentence } from "./verification.model.ts";

/**
 * Relist asks the server for everything again, replay delivers the cache again, verify compares the two. None is shown
 * as done before it is.
 */
export function useInformerCommands(cluster: string, { key, resource }: Pick<InformerRow, "key" | "resource">) {
  const relist = useRelist(cluster);
  const replay = useReplay(cluster);
  const verify = useVerify(cluster);
  const onError = (error: Error): void => toast.error(error.message);
  return {
    relist: {
      isPending: relist.isPending,
      run: () =>
        relist.mutate(key, {
          onError,
          onSuccess: ({ isAsked }) =>
            toast(isAsked ? `Relisting ${resource}.` : `${resource} is being listed already.`),
        }),
    },
    replay: {
      isPending: replay.isPending,
      run: (registration?: number) =>
        replay.mutate(
          { informer: key, ...(registration === undefined ? {} : { registration }) },
          {
            onError,
            onSuccess: ({ objects, registrations }) =>
              toast(
                `Replaying ${formatPlural(objects, "object")} of ${resource} to ${registration === undefined ? formatPlural(registrations, "handler") : `handler ${registration}`}.`,
              ),
          },
        ),
    },
    verify: {
      isPending: verify.isPending,
      run: () => verify.mutate(key, { onError, onSuccess: ({ result }) => toast(verifiedSentence(resource, result)) }),
    },
  };
}
