"use client";
import { useEffect, useRef } from "react";
import { faultWords } from "#components/faults/index.ts";
import { useAddFault, useNow, useRemoveFaults } from "#components/live/index.ts";
import { toast, useAnnounce } from "#components/ui/index.ts";
import type { Fault, FaultKind } from "#lib/protocol/index.ts";
import {
  activeWords,
  choiceProblem,
  faultRequestOf,
  hitWords,
  switchedWords,
  type FaultChoice,
} from "./fault-choice.model.ts";
import styles from "./faults-card.module.css";
import { SwitchRow } from "./switch-row.tsx";

export interface FaultRowProps {
  readonly cluster: string;
  readonly kind: FaultKind;
  /** Those of its kind that are on: more than one only where a program made them. */
  readonly active: readonly Fault[];
  /** What switching it on will be about. */
  readonly choice: FaultChoice;
  /** The address points at it. */
  readonly isPointedAt: boolean;
  readonly disabledReason: string | undefined;
}

export function FaultRow({ cluster, kind, active, choice, isPointedAt, disabledReason }: FaultRowProps) {
  const announce = useAnnounce();
  const add = useAddFault(cluster);
  const remove = useRemoveFaults(cluster);
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (!isPointedAt) return;
    row.current?.scrollIntoView({ block: "nearest" });
    row.current?.querySelector<HTMLElement>("[role=switch]")?.focus();
  }, [isPointedAt]);

  const isOn = active.length > 0;
  const toggle = (): void => {
    const settled = {
      onError: (error: Error) => toast.error(error.message),
      onSuccess: () => announce(switchedWords(kind, !isOn)),
    };
    if (isOn)
      remove.mutate(
        active.map((fault) => fault.id),
        settled,
      );
    else add.mutate(faultRequestOf(kind, choice), settled);
  };
  return (
    <SwitchRow
      ref={row}
      kind={kind}
      words={faultWords[kind]}
      isOn={isOn}
      isPending={add.isPending || remove.isPending}
      disabledReason={disabledReason ?? (isOn ? undefined : choiceProblem(kind, choice))}
      onSwitch={toggle}
    >
      <Scope active={active} />
      <span className={styles.hits} data-testid={`fault-hits-${kind}`}>
        <small>hit</small> {hitWords(active)}
      </span>
    </SwitchRow>
  );
}

function Scope({ active }: { readonly active: readonly Fault[] }) {
  const now = useNow(active.some(({ until }) => until !== undefined) ? 100 : 1_000);
  return <span className={styles.scope}>{active.map((fault) => activeWords(fault, now)).join("; ")}</span>;
}
