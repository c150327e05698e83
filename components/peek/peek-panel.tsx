"use client";
import { ArrowRight, X } from "lucide-react";
import Link from "next/link";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useTopic } from "#components/live/index.ts";
import { Advice, Headline, NearMisses } from "#components/pod/index.ts";
import { pageHref, podHref, useCluster } from "#components/shell/index.ts";
import { EmptyState, IconButton, PodName, Skeleton, useAnnounce, useShortcut } from "#components/ui/index.ts";
import { sentenceText, type PodDetail } from "#lib/protocol/index.ts";
import { LastAttempt } from "./last-attempt.tsx";
import styles from "./peek-panel.module.css";
import type { PeekedPod } from "./use-peek.ts";

export interface PeekPanelProps {
  readonly pod: PeekedPod;
  readonly onClose: () => void;
}

/**
 * One pod beside the list that it stands in: its verdict, what would free it, and its last attempt. It lies over the
 * page and moves nothing there; the focus stays in the list, and goes back to it.
 */
export function PeekPanel({ pod: { namespace, name }, onClose }: PeekPanelProps) {
  const cluster = useCluster();
  const topic = useTopic(cluster.id, "pod", { namespace, name, isBrief: true });
  const value = topic.phase === "live" ? topic.value : undefined;
  // What was seen last may still be another pod's.
  const pod = value?.namespace === namespace && value.name === name ? value : undefined;
  const { panel, giveBack } = useBorrowedFocus();
  useSaidVerdict(pod);
  const close = (): void => {
    giveBack();
    onClose();
  };
  useShortcut({ keys: "escape", label: "Close the peek", group: "Page", isOnTop: true }, close);
  return (
    <aside
      ref={panel}
      className={styles.panel}
      aria-label={`Peek: ${namespace}/${name}`}
      data-peek=""
      data-testid="peek"
    >
      <header className={styles.header}>
        <h2>
          <PodName namespace={namespace} name={name} />
        </h2>
        <Link
          className={styles.open}
          href={
            pod === undefined
              ? `${pageHref("/pod", cluster.id)}&ns=${encodeURIComponent(namespace)}&name=${encodeURIComponent(name)}`
              : podHref(cluster.id, pod)
          }
        >
          Open page <ArrowRight size={13} aria-hidden="true" />
        </Link>
        <IconButton
          icon={<X size={14} aria-hidden="true" />}
          label="Close the peek"
          variant="ghost"
          size="small"
          onClick={close}
        />
      </header>
      <div className={styles.body} aria-busy={pod === undefined && topic.phase !== "closed"}>
        {topic.phase === "closed" && (
          <EmptyState title={`${topic.problem.title}.`}>
            {topic.problem.message} {topic.problem.hint}
          </EmptyState>
        )}
        {topic.phase !== "closed" && pod === undefined && <PeekSkeleton />}
        {pod !== undefined && <PeekedCards key={pod.uid} pod={pod} />}
      </div>
    </aside>
  );
}

function PeekedCards({ pod }: { readonly pod: PodDetail }) {
  const [lookedAt, setLookedAt] = useState<number>();
  return (
    <>
      <Headline pod={pod} actions={undefined} />
      <Advice pod={pod} />
      {pod.state === "pending" && <NearMisses pod={pod} lookedAt={lookedAt} onLook={setLookedAt} isOpened />}
      <LastAttempt pod={pod} />
    </>
  );
}

function PeekSkeleton() {
  return (
    <div className={styles.skeleton}>
      <Skeleton width={320} height={20} />
      <Skeleton width={240} />
      <Skeleton width={280} />
    </div>
  );
}

/** Who had the focus outside of the panel last gets it back when the panel closes with the focus in it. */
function useBorrowedFocus() {
  const panel = useRef<HTMLElement>(null);
  const lender = useRef<HTMLElement>(undefined);
  useEffect(() => {
    const remember = (element: EventTarget | null): void => {
      if (element instanceof HTMLElement && element !== document.body && panel.current?.contains(element) !== true)
        lender.current = element;
    };
    const onFocusIn = ({ target }: FocusEvent): void => remember(target);
    remember(document.activeElement);
    document.addEventListener("focusin", onFocusIn);
    return () => document.removeEventListener("focusin", onFocusIn);
  }, []);
  const giveBack = (): void => {
    if (panel.current?.contains(document.activeElement) === true) lender.current?.focus({ preventScroll: true });
  };
  return { panel, giveBack };
}

/** The focus does not come here, so what is shown is said. */
function useSaidVerdict(pod: PodDetail | undefined): void {
  const announce = useAnnounce();
  const say = useEffectEvent(() => {
    if (pod !== undefined) announce(`${pod.name}: ${sentenceText(pod.verdict.headline, pod.asOf)}`);
  });
  const uid = pod?.uid;
  useEffect(() => {
    if (uid !== undefined) say();
  }, [uid]);
}
