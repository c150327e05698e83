import { tokensOf, withoutToken } from "#components/query/index.ts";
import { Button, EmptyState, formatPlural } from "#components/ui/index.ts";
import type { Pods } from "#lib/protocol/index.ts";
import type { PodsAddress } from "./use-pods-address.ts";

export interface NoRowsProps {
  readonly pods: Pods;
  readonly address: PodsAddress;
  readonly draft: string;
  readonly onDrop: (change: Partial<PodsAddress>) => void;
  readonly onDraft: (draft: string) => void;
}

const lists = ["v", "queue", "plugin", "ns", "pc", "node"] as const;

/** What to let go of, so that there is something to see again. */
export function NoRows({ pods, address, draft, onDrop, onDraft }: NoRowsProps) {
  if (pods.total === 0 && pods.isStarting === true) {
    return <EmptyState title="The pods are being read.">Nobody is judged before all of them are known.</EmptyState>;
  }
  if (pods.total === 0) {
    if (pods.doubt !== undefined) return <EmptyState title="Cannot tell.">{`Reason: ${pods.doubt}.`}</EmptyState>;
    return <EmptyState title="No pods are pending.">Every pod of this cluster has a node.</EmptyState>;
  }
  if (pods.judged === 0) {
    return (
      <EmptyState title="The pods are being looked at.">
        {formatPlural(pods.total, "pod is", "pods are")} pending.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No pods match."
      actions={
        <>
          {tokensOf(address.q).map((token) => (
            <Button key={token} size="small" onClick={() => onDrop({ q: withoutToken(address.q, token) })}>
              Drop {token}
            </Button>
          ))}
          {draft.trim() !== "" && (
            <Button size="small" onClick={() => onDraft("")}>
              Drop {draft.trim()}
            </Button>
          )}
          {lists
            .filter((name) => address[name].length > 0)
            .map((name) => (
              <Button key={name} size="small" onClick={() => onDrop({ [name]: [] })}>
                Drop {address[name].join(", ")}
              </Button>
            ))}
        </>
      }
    >
      {pods.queryProblem ?? `${formatPlural(pods.total, "pod is", "pods are")} pending, none fits all filters.`}
    </EmptyState>
  );
}
