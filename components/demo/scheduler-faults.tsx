"use client";
import { useScheduler, useTopic } from "#components/live/index.ts";
import { toast, useAnnounce } from "#components/ui/index.ts";
import {
  schedulerFaultKind,
  type Overview,
  type SchedulerFault,
  type SchedulerFaultKind,
} from "#lib/protocol/index.ts";
import styles from "./faults-card.module.css";
import { schedulerFaultWords, switched, troubleWords } from "./scheduler-fault.model.ts";
import { SwitchRow } from "./switch-row.tsx";

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
  const announce = useAnnounce();
  const set = useScheduler(cluster);
  const active = faults.filter((fault) => fault.kind === kind);
  const isOn = active.length > 0;
  const { name } = schedulerFaultWords[kind];
  const toggle = (): void =>
    set.mutate(
      { faults: switched(faults, kind, !isOn) },
      {
        onError: (error: Error) => toast.error(error.message),
        onSuccess: () => announce(`${name}: ${isOn ? "off" : "on"}.`),
      },
    );
  return (
    <SwitchRow
      kind={kind}
      words={schedulerFaultWords[kind]}
      isOn={isOn}
      isPending={set.isPending}
      disabledReason={disabledReason}
      onSwitch={toggle}
    >
      <span className={styles.scope}>{troubleWords(active)}</span>
    </SwitchRow>
  );
}
