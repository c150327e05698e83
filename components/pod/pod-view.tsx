"use client";
import Link from "next/link";
import { useMemo, useState } from "react";
import { useTopic } from "#components/live/index.ts";
import { Page, pageHref, useCluster } from "#components/shell/index.ts";
import { EmptyState, Skeleton } from "#components/ui/index.ts";
import type { PodDetail, View, WhatIf } from "#lib/protocol/index.ts";
import { Actions } from "./actions.tsx";
import { AlsoTrue, SaidByOthers } from "./facts-cards.tsx";
import { Headline } from "./headline.tsx";
import { NoPod } from "./no-pod.tsx";
import { NodeMatrix } from "./node-matrix.tsx";
import styles from "./pod-view.module.css";
import { Position } from "./position.tsx";
import { Advice, Comparison, Evidence, NearMisses } from "./side-cards.tsx";
import { SplitCard } from "./split-card.tsx";
import { SinceFailure, TimelineCard } from "./timeline-card.tsx";
import { usePodAddress } from "./use-pod-address.ts";
import { WhatIfCard } from "./what-if-card.tsx";

/** Why one pod has no node, the proof, and what would change it. */
export function PodView() {
  const cluster = useCluster();
  const { address, set } = usePodAddress();
  const [whatIf, setWhatIf] = useState<WhatIf>();
  const { ns, name, uid, group, expand, attempt } = address;
  const view = useMemo<View<"pod"> | undefined>(
    () =>
      name === ""
        ? undefined
        : {
            namespace: ns,
            name,
            ...(uid === null ? {} : { uid }),
            ...(group === null ? {} : { groupBy: group }),
            ...(expand.length === 0 ? {} : { expand }),
            ...(attempt === null ? {} : { attempt }),
            ...(whatIf === undefined ? {} : { whatIf }),
          },
    [ns, name, uid, group, expand, attempt, whatIf],
  );
  const topic = useTopic(cluster.id, "pod", view);
  const value = topic.phase === "live" ? topic.value : undefined;
  // What was seen last may still be another pod's.
  const pod = value?.namespace === ns && value.name === name ? value : undefined;
  return (
    <Page
      title={name === "" ? "Pod" : name}
      context={
        <span className={styles.crumbs}>
          <Link href={pageHref("/pods", cluster.id)}>Pods</Link> in{" "}
          <Link href={`${pageHref("/pods", cluster.id)}&ns=${encodeURIComponent(ns)}`}>{ns}</Link>
        </span>
      }
      actions={pod?.position === undefined ? undefined : <Position position={pod.position} cluster={cluster.id} />}
      className={styles.page}
    >
      {name === "" && (
        <EmptyState title="No pod is named.">
          The address has to name one: <code>/pod?ns=NAMESPACE&amp;name=NAME</code>.
        </EmptyState>
      )}
      {topic.phase === "closed" && <NoPod problem={topic.problem} cluster={cluster.id} />}
      {topic.phase !== "closed" && pod === undefined && name !== "" && (
        <p className={styles.loading} aria-busy="true">
          <Skeleton width={480} height={20} />
        </p>
      )}
      {pod !== undefined && (
        <Detail
          key={pod.uid}
          pod={pod}
          address={address}
          set={(change) => void set(change)}
          whatIf={whatIf}
          onAsk={setWhatIf}
        />
      )}
    </Page>
  );
}

interface DetailProps {
  readonly pod: PodDetail;
  readonly address: ReturnType<typeof usePodAddress>["address"];
  readonly set: (change: Partial<ReturnType<typeof usePodAddress>["address"]>) => void;
  readonly whatIf: WhatIf | undefined;
  readonly onAsk: (question: WhatIf | undefined) => void;
}

function Detail({ pod, address, set, whatIf, onAsk }: DetailProps) {
  const [lookedAt, setLookedAt] = useState<number>();
  const { matrix, state, verdict } = pod;
  const isMissed = verdict.code === "missed-event";
  const evidence = <Evidence pod={pod} />;
  // Whoever holds it knows best what it waits for.
  const isHeld = verdict.severity === "held";
  const said = <SaidByOthers facts={pod.facts} />;
  return (
    <>
      <Headline pod={pod} actions={<Actions pod={pod} />} />
      <div className={styles.columns}>
        <div className={styles.first}>
          {pod.split !== undefined && (
            <SplitCard pod={pod} split={pod.split} span={address.t} onSpan={(t) => set({ t })} />
          )}
          {matrix !== undefined && state === "pending" && (
            <NodeMatrix
              matrix={matrix}
              onGroup={(group) => set({ group, expand: [] })}
              onExpand={(column) => set({ expand: [...address.expand, column] })}
              onFold={address.expand.length === 0 ? undefined : () => set({ expand: [] })}
              lookedAt={lookedAt}
              onLook={setLookedAt}
            />
          )}
        </div>
        <div className={styles.then}>
          {isMissed && <SinceFailure pod={pod} />}
          <TimelineCard
            pod={pod}
            span={address.t}
            onSpan={(t) => set({ t })}
            onAttempt={(attempt) => set({ attempt })}
          />
          {!isMissed && <SinceFailure pod={pod} />}
        </div>
        <div className={styles.side}>
          {isMissed && evidence}
          <Advice pod={pod} />
          {isHeld && said}
          {state === "pending" && <NearMisses pod={pod} lookedAt={lookedAt} onLook={setLookedAt} />}
          {state === "pending" && <Comparison pod={pod} />}
          {!isHeld && said}
          <AlsoTrue facts={pod.facts} />
          {!isMissed && evidence}
          {state === "pending" && matrix !== undefined && <WhatIfCard pod={pod} question={whatIf} onAsk={onAsk} />}
        </div>
      </div>
    </>
  );
}
