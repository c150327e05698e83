"use client";
import { ChevronDown, ChevronUp } from "lucide-react";
import { useRouter } from "next/navigation";
import { podHref } from "#components/shell/index.ts";
import { IconButton, useShortcut } from "#components/ui/index.ts";
import type { PodDetail, PodRef } from "#lib/protocol/index.ts";
import styles from "./pod-view.module.css";

interface PositionProps {
  readonly position: NonNullable<PodDetail["position"]>;
  readonly cluster: string;
}

/** Up and down the list of Pods without going back to it. */
export function Position({ position: { index, of, previous, next }, cluster }: PositionProps) {
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
