"use client";
import { faultGroups, faultWords, scopeWords } from "#components/faults/index.ts";
import { useClusterList, useOfflineReason, useTopic } from "#components/live/index.ts";
import { Card, EmptyState, Segmented, Skeleton, formatClock } from "#components/ui/index.ts";
import type { Fault, Informers } from "#lib/protocol/index.ts";
import {
  endedFaults,
  hitWords,
  limitChoices,
  limitLabels,
  verbChoices,
  verbLabels,
  type FaultChoice,
} from "./fault-choice.model.ts";
import { FaultRow } from "./fault-row.tsx";
import styles from "./faults-card.module.css";
import { SchedulerFaults } from "./scheduler-faults.tsx";
import { useFaultAddress } from "./use-fault-address.ts";

const noView = {};
const endedShown = 5;

/** Where the cluster is made to fail: what each fault does, what it is about, and what it has hit. */
export function FaultsCard({ cluster }: { readonly cluster: string }) {
  const { choice, setChoice, pointedAt } = useFaultAddress();
  const faults = useTopic(cluster, "faults", noView);
  const offline = useOfflineReason();
  const isReadOnly = useClusterList().data?.server.isReadOnly === true;
  const disabledReason = offline ?? (isReadOnly ? "The server was started with --read-only." : undefined);
  if (faults.phase === "closed") {
    return (
      <Card title="Faults">
        <EmptyState title={`${faults.problem.title}.`}>
          {faults.problem.message} {faults.problem.hint}
        </EmptyState>
      </Card>
    );
  }
  const on = faults.phase === "live" ? Object.values(faults.value.on) : [];
  const ended = faults.phase === "live" ? endedFaults(faults.value.ended) : [];
  return (
    <Card title="Faults" context="what goes wrong on purpose, until you switch it off" className={styles.card}>
      <Scope cluster={cluster} choice={choice} onChoose={setChoice} />
      <div className={styles.groups} aria-busy={faults.phase === "loading" || undefined}>
        {faultGroups.map(({ name, kinds }) => (
          <section key={name} aria-label={name}>
            <h3 className={styles.group}>{name}</h3>
            <ul>
              {kinds.map((kind) => (
                <FaultRow
                  key={kind}
                  cluster={cluster}
                  kind={kind}
                  active={on.filter((fault) => fault.kind === kind)}
                  choice={choice}
                  isPointedAt={pointedAt === kind}
                  disabledReason={faults.phase === "loading" ? "Not known yet." : disabledReason}
                />
              ))}
            </ul>
          </section>
        ))}
        <SchedulerFaults cluster={cluster} disabledReason={disabledReason} />
        <Ended faults={ended.slice(0, endedShown)} isLoading={faults.phase === "loading"} />
      </div>
    </Card>
  );
}

interface ScopeProps {
  readonly cluster: string;
  readonly choice: FaultChoice;
  readonly onChoose: (change: Partial<FaultChoice>) => void;
}

const resourcesIn = ({ informers }: Informers): Informers["informers"] => informers;

/** What the next one is about. Those that are on stay as they are. */
function Scope({ cluster, choice, onChoose }: ScopeProps) {
  const informers = useTopic(cluster, "informers", noView, resourcesIn);
  const rows = informers.phase === "live" ? Object.values(informers.value) : [];
  const keys = rows.map(({ groupVersion, resource }) => `${groupVersion}/${resource}`);
  const chosen = choice.resource === undefined ? [] : [choice.resource];
  const resources = [...new Set([...keys, ...chosen])].sort();
  return (
    <fieldset className={styles.choice} aria-label="What the next fault is about">
      <label className={styles.resource}>
        <span>Next one on</span>
        <select
          aria-label="Resource"
          value={choice.resource ?? ""}
          onChange={({ target }) => onChoose({ resource: target.value })}
        >
          <option value="">everything</option>
          {resources.map((key) => (
            <option key={key}>{key}</option>
          ))}
        </select>
      </label>
      <Segmented
        label="Requests"
        value={choice.verbs}
        options={verbChoices.map((value) => ({ value, label: verbLabels[value] }))}
        onChange={(verbs) => onChoose({ verbs })}
      />
      <Segmented
        label="How long"
        value={choice.limit}
        options={limitChoices.map((value) => ({ value, label: limitLabels[value] }))}
        onChange={(limit) => onChoose({ limit })}
      />
    </fieldset>
  );
}

interface EndedProps {
  readonly faults: readonly Fault[];
  readonly isLoading: boolean;
}

function Ended({ faults, isLoading }: EndedProps) {
  return (
    <section className={styles.ended} aria-label="Faults that have ended">
      <h3 className={styles.group}>Ended</h3>
      {faults.length === 0 ? (
        <p className={styles.none}>{isLoading ? <Skeleton width={160} /> : "None yet."}</p>
      ) : (
        <ul>
          {faults.map((fault) => (
            <li key={fault.id} data-testid={`fault-ended-${fault.kind}`}>
              <time>{formatClock(fault.endedAt ?? fault.since)}</time>
              <b>{[faultWords[fault.kind].name, scopeWords(fault)].filter(Boolean).join(" ")}</b>
              <span>{`hit ${hitWords([fault])}`}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
