"use client";
import { useState } from "react";
import { useTopic } from "#components/live/index.ts";
import { QueryBar, tokensOf, withoutToken } from "#components/query/index.ts";
import { Page, podHref, useCluster } from "#components/shell/index.ts";
import { Button, EmptyState, formatCount, formatPlural, Kbd, Segmented } from "#components/ui/index.ts";
import type { PodRow, Pods } from "#lib/protocol/index.ts";
import { Facets } from "./facets.tsx";
import { Pills } from "./pills.tsx";
import { PodsTable } from "./pods-table.tsx";
import styles from "./pods-view.module.css";
import { usePodsAddress, usePodsView, type PodsAddress } from "./use-pods-address.ts";
import { firstWindow, windowFor } from "./window.model.ts";

/** Every pending pod with its verdict, the worst first. */
export function PodsView() {
  const cluster = useCluster();
  const { address, set } = usePodsAddress();
  const [draft, setDraft] = useState("");
  const [window, setWindow] = useState(firstWindow);
  const topic = useTopic(cluster.id, "pods", usePodsView(address, draft, window));
  const pods = topic.phase === "live" ? topic.value : undefined;
  const hrefOf = (row: PodRow): string => podHref(cluster.id, row);
  return (
    <Page title="Pods" context={pods === undefined ? cluster.name : contextOf(pods)} className={styles.page}>
      <Facets pods={pods} address={address} onChoose={(facet, values) => void set({ [facet]: values })} />
      <section className={styles.main} aria-label="Pending pods">
        <div className={styles.controls}>
          <QueryBar
            group="Pods"
            query={address.q}
            onQuery={(q) => void set({ q })}
            draft={draft}
            onDraft={setDraft}
            problem={pods?.queryProblem}
          />
          <Segmented
            label="Rows"
            value={address.fold ? "groups" : "pods"}
            options={[
              { value: "pods", label: "Pods" },
              { value: "groups", label: "Groups" },
            ]}
            onChange={(rows) => void set({ fold: rows === "groups" })}
          />
        </div>
        <Pills pods={pods} chosen={address.v} onChoose={(v) => void set({ v })} />
        {topic.phase === "closed" ? (
          <EmptyState title={`${topic.problem.title}.`}>
            {topic.problem.message} {topic.problem.hint}
          </EmptyState>
        ) : pods !== undefined && pods.rowCount === 0 ? (
          <Nothing
            pods={pods}
            address={address}
            draft={draft}
            onDrop={(change) => void set(change)}
            onDraft={setDraft}
          />
        ) : (
          <PodsTable
            pods={pods}
            sort={address.sort}
            onSort={(sort) => void set({ sort })}
            onWindow={(first, last) => setWindow((before) => windowFor(first, last, before))}
            hrefOf={hrefOf}
          />
        )}
        <Footer pods={pods} />
      </section>
    </Page>
  );
}

function contextOf({ total, matching }: Pods): string {
  if (total === 0) return "no pods are pending";
  return matching === total
    ? `${formatCount(total)} pending`
    : `${formatCount(matching)} of ${formatCount(total)} pending`;
}

function Footer({ pods }: { readonly pods: Pods | undefined }) {
  const fold = pods?.largestFold;
  const unjudged = pods === undefined ? 0 : pods.total - pods.judged;
  return (
    <footer className={styles.footer}>
      <span>
        {pods !== undefined && `${formatPlural(pods.rowCount, "row")}, ${formatPlural(pods.matching, "pod")}`}
        {unjudged > 0 && `, ${formatCount(unjudged)} not judged yet`}
        {fold !== undefined && `, groups fold ${formatCount(fold.count)} pods of ${fold.name}`}
      </span>
      <span className={styles.keys}>
        <Kbd>J</Kbd> <Kbd>K</Kbd> move <Kbd>↵</Kbd> open <Kbd>/</Kbd> search
      </span>
    </footer>
  );
}

interface NothingProps {
  readonly pods: Pods;
  readonly address: PodsAddress;
  readonly draft: string;
  readonly onDrop: (change: Partial<PodsAddress>) => void;
  readonly onDraft: (draft: string) => void;
}

/** What to let go of, so that there is something to see again. */
function Nothing({ pods, address, draft, onDrop, onDraft }: NothingProps) {
  if (pods.total === 0) {
    return <EmptyState title="No pods are pending.">Every pod of this cluster has a node.</EmptyState>;
  }
  if (pods.total > 0 && pods.judged === 0) {
    return (
      <EmptyState title="The pods are being looked at.">
        {formatPlural(pods.total, "pod is", "pods are")} pending.
      </EmptyState>
    );
  }
  const lists = (["v", "queue", "plugin", "ns", "pc", "node"] as const).filter((name) => address[name].length > 0);
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
          {lists.map((name) => (
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
