"use client";
import { useId } from "react";
import { useScheduler, useTopic } from "#components/live/index.ts";
import { classNames, toast, useAnnounce } from "#components/ui/index.ts";
import {
  schedulerFaultKind,
  type Overview,
  type SchedulerFault,
  type SchedulerFaultKind,
} from "#lib/protocol/index.ts";
import { FaultSwitch } from "./fault-switch.tsx";
import styles from "./faults-card.module.css";
import { schedulerFaultWords, switched, troubleWords } from "./scheduler-fault.model.ts";

const noView = {};
const none: readonly SchedulerFault[] = [];
const faultsIn = ({ loop }: Overview): readonly SchedulerFault[] => loop?.faults ?? none;

export interface SchedulerFaultsProps {
  readonly cluster: string;
  readonly disabledReason: string | undefined;
}

/** What goes wrong in our own scheduler, and not in the cluster. */
export function SchedulerFaults({ cluster, disabledReason }: SchedulerFaultsProps) {
  const overview = useTopic(cluster, "overview", noView, faultsIn);
  const faults = overview.phase === "live" ? overview.value : none;
  const reason = overview.phase === "live" ? disabledReason : "Not known yet.";
  return (
    <section aria-label="Its scheduler">
      <h3 className={styles.group}>Its scheduler</h3>
      <ul>
        {schedulerFaultKind.options.map((kind) => (
          <Row key={kind} cluster={cluster} kind={kind} faults={faults} disabledReason={reason} />
        ))}
      </ul>
    </section>
  );
}

interface RowProps extends SchedulerFaultsProps {
  readonly kind: SchedulerFaultKind;
  /** All that are on. */
  readonly faults: readonly SchedulerFault[];
}

function Row({ cluster, kind, faults, disabledReason }: RowProps) {
  const id = useId();
  const announce = useAnnounce();
  const set = useScheduler(cluster);
  const active = faults.filter((fault) => fault.kind === kind);
  const isOn = active.length > 0;
  const { name, does, expect } = schedulerFaultWords[kind];
  const toggle = (): void =>
    set.mutate(
      { faults: switched(faults, kind, !isOn) },
      {
        onError: (error: Error) => toast.error(error.message),
        onSuccess: () => announce(`${name}: ${isOn ? "off" : "on"}.`),
      },
    );
  return (
    <li className={classNames(styles.row, isOn && styles.on)} data-testid={`fault-row-${kind}`}>
      <FaultSwitch
        isOn={isOn}
        isPending={set.isPending}
        disabledReason={disabledReason}
        labelledBy={`${id}-name`}
        describedBy={`${id}-does`}
        onSwitch={toggle}
      />
      <div className={styles.words}>
        <p className={styles.name}>
          <b id={`${id}-name`}>{name}</b>
          {isOn && <span className={styles.scope}>{troubleWords(active)}</span>}
        </p>
        <p id={`${id}-does`} className={styles.does}>
          {does} <span className={styles.expect}>{expect}</span>
        </p>
      </div>
    </li>
  );
}
