"use client";
import { useCallback, useState } from "react";
import { useAddHandler, useRemoveHandler } from "#components/live/index.ts";
import { toast } from "#components/ui/index.ts";
import type { RegistrationRow, RemoveHandlerResponse } from "#lib/protocol/index.ts";
import { addedSentence } from "./registrations.model.ts";

type Undo = NonNullable<RemoveHandlerResponse["undo"]>;

/**
 * Removing asks nothing, takes effect at once and can be undone while the toast is there. The row stays in its place
 * that long, so that no other row moves under the pointer.
 */
export function useRemoved(cluster: string) {
  const [removed, setRemoved] = useState<readonly RegistrationRow[]>([]);
  const [pending, setPending] = useState<ReadonlySet<number>>(new Set());
  const removeHandler = useRemoveHandler(cluster).mutateAsync;
  const addHandler = useAddHandler(cluster).mutateAsync;

  const fold = useCallback(({ id }: RegistrationRow) => setRemoved((rows) => rows.filter((row) => row.id !== id)), []);

  const undoRemoval = useCallback(
    async (row: RegistrationRow, { informer, request }: Undo): Promise<void> => {
      try {
        const { registrations, syntheticAdds } = await addHandler({ informer, request });
        fold(row);
        toast(addedSentence(registrations, syntheticAdds, true));
      } catch (error) {
        toast.error(`Handler ${row.id} could not be added again. ${messageOf(error)}`);
      }
    },
    [addHandler, fold],
  );

  const remove = useCallback(
    async (row: RegistrationRow): Promise<void> => {
      setPending((ids) => new Set([...ids, row.id]));
      try {
        const { undo } = await removeHandler(row.id);
        setRemoved((rows) => [...rows.filter(({ id }) => id !== row.id), row]);
        toast(`Removed ${row.id}, ${row.owner}.`, {
          onAutoClose: () => fold(row),
          onDismiss: () => fold(row),
          ...(undo === undefined ? {} : { action: { label: "Undo", onClick: () => void undoRemoval(row, undo) } }),
        });
      } catch (error) {
        toast.error(`Handler ${row.id} was not removed. ${messageOf(error)}`);
      } finally {
        setPending((ids) => new Set([...ids].filter((id) => id !== row.id)));
      }
    },
    [removeHandler, undoRemoval, fold],
  );

  return { removed, pending, remove };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "";
}
