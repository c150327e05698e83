"use client";
import { ChevronDown, ChevronUp, Copy } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import { reportOf, useTopic } from "#components/live/index.ts";
import { Page, pageHref, podHref, useCluster } from "#components/shell/index.ts";
import { Button, EmptyState, IconButton, Skeleton, toast, useShortcut } from "#components/ui/index.ts";
import type { PodDetail, PodRef, View, WhatIf } from "#lib/protocol/index.ts";
import { Headline } from "./headline.tsx";
import { NodeMatrix } from "./node-matrix.tsx";
import styles from "./pod-view.module.css";
import { Advice, Comparison, Evidence, Facts, NearMisses } from "./side-cards.tsx";
import { SplitCard } from "./split-card.tsx";
import { SinceFailure, TimelineCard } from "./timeline-card.tsx";
import { usePodAddress } from "./use-pod-address.ts";
import { WhatIfCard } from "./what-if-card.tsx";
import { YamlDialog } from "./yaml-dialog.tsx";

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
      {topic.phase === "closed" && (
        <EmptyState title={`${topic.problem.title}.`}>
          {topic.problem.message} {topic.problem.hint}
        </EmptyState>
      )}
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
  return (
    <>
      <Headline pod={pod} actions={<Actions pod={pod} />} />
      <div className={styles.columns}>
        <div className={styles.main}>
          {pod.split !== undefined && (
            <SplitCard pod={pod} split={pod.split} span={address.t} onSpan={(t) => set({ t })} />
          )}
          {isMissed && <SinceFailure pod={pod} />}
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
          {state === "pending" && <NearMisses pod={pod} lookedAt={lookedAt} onLook={setLookedAt} />}
          {state === "pending" && <Comparison pod={pod} />}
          <Facts pod={pod} />
          {!isMissed && evidence}
          {state === "pending" && matrix !== undefined && <WhatIfCard pod={pod} question={whatIf} onAsk={onAsk} />}
        </div>
      </div>
    </>
  );
}

function Actions({ pod: { namespace, name } }: { readonly pod: PodRef }) {
  const cluster = useCluster();
  const [isYamlOpen, setYamlOpen] = useState(false);
  const copyReport = (): void => {
    reportOf(cluster.id, namespace, name)
      .then(({ markdown }) => navigator.clipboard.writeText(markdown))
      .then(
        () => toast("The report was copied, as Markdown."),
        (error: unknown) => toast.error(error instanceof Error ? error.message : String(error)),
      );
  };
  useShortcut({ keys: "c", label: "Copy the report", group: "Pod" }, copyReport);
  useShortcut({ keys: "y", label: "YAML", group: "Pod" }, () => setYamlOpen(true));
  return (
    <>
      <Button size="small" icon={<Copy size={13} />} shortcut="C" onClick={copyReport}>
        Copy report
      </Button>
      <Button size="small" shortcut="Y" onClick={() => setYamlOpen(true)}>
        YAML
      </Button>
      {isYamlOpen && (
        <YamlDialog cluster={cluster.id} namespace={namespace} name={name} onClose={() => setYamlOpen(false)} />
      )}
    </>
  );
}

interface PositionProps {
  readonly position: NonNullable<PodDetail["position"]>;
  readonly cluster: string;
}

/** Up and down the list of Pods without going back to it. */
function Position({ position: { index, of, previous, next }, cluster }: PositionProps) {
  const router = useRouter();
  const go = (to: PodRef | undefined): void => {
    if (to !== undefined) {
      router.push(podHref(cluster, to));
    }
  };
  const group = "Pod";
  useShortcut({ keys: "k", label: "Previous pod", group, isOn: previous !== undefined }, () => go(previous));
  useShortcut({ keys: "j", label: "Next pod", group, isOn: next !== undefined }, () => go(next));
  return (
    <span className={styles.position}>
      {index + 1} of {of}
      <IconButton
        icon={<ChevronUp size={15} aria-hidden="true" />}
        label="Previous pod"
        variant="ghost"
        size="small"
        disabledReason={previous === undefined ? "This is the first one." : undefined}
        onClick={() => go(previous)}
      />
      <IconButton
        icon={<ChevronDown size={15} aria-hidden="true" />}
        label="Next pod"
        variant="ghost"
        size="small"
        disabledReason={next === undefined ? "This is the last one." : undefined}
        onClick={() => go(next)}
      />
    </span>
  );
}
