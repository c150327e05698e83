"use client";
import { useNow, useTopic } from "#components/live/index.ts";
import { Chip, formatClock, formatPlural, Popover } from "#components/ui/index.ts";
import type { Scheduler } from "#lib/protocol/index.ts";
import styles from "./scheduler-facts.module.css";
import { configurationSentence, driftRows, metricsSentence } from "./scheduler-facts.model.ts";

const noView = {};

/** Who schedules, whether it is one that is modelled, and what it says of itself beside what we say of it. */
export function SchedulerFacts({ cluster }: { readonly cluster: string }) {
  const topic = useTopic(cluster, "scheduler", noView);
  const now = useNow();
  if (topic.phase !== "live") return null;
  const scheduler = topic.value;
  return (
    <Popover
      title={`${scheduler.name}${scheduler.version === undefined ? "" : `, cluster ${scheduler.version}`}`}
      label={`${scheduler.name}: ${metricsSentence(scheduler, now)}`}
      align="end"
      testId="scheduler-facts"
      content={<Facts scheduler={scheduler} />}
    >
      {scheduler.name} {scheduler.version ?? ""}, {metricsSentence(scheduler, now)}
      {!scheduler.isModelled && (
        <Chip tone="back" size="small">
          not modelled
        </Chip>
      )}
    </Popover>
  );
}

function Facts({ scheduler }: { readonly scheduler: Scheduler }) {
  const { metrics, configuration, otherSchedulers, notModelled } = scheduler;
  const others = Object.entries(otherSchedulers);
  return (
    <div className={styles.facts}>
      {notModelled !== undefined && <p className={styles.warning}>{notModelled}</p>}
      {metrics.state === "measured" && (
        <>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">pods</th>
                <th scope="col">measured</th>
                <th scope="col">ours</th>
              </tr>
            </thead>
            <tbody>
              {driftRows(metrics.last).map(({ name, measured, ours, differs }) => (
                <tr key={name} className={differs ? styles.differs : undefined}>
                  <th scope="row">{name}</th>
                  <td>{measured}</td>
                  <td>{ours}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p>
            Measured at {formatClock(metrics.last.at)} from <code>{metrics.last.source}</code>
            {metrics.problem !== undefined && `; since then: ${metrics.problem.message}`}
          </p>
        </>
      )}
      {metrics.state === "notReachable" && (
        <>
          <p>Its metrics cannot be read, so its pace is assumed and nothing is compared. Tried:</p>
          <ul>
            {metrics.tried.map(({ address, problem }) => (
              <li key={address}>
                <code>{address}</code>: {problem.message}
              </li>
            ))}
          </ul>
          <p>
            Name another place with <code>--scheduler-metrics URL</code>. Tried again at {formatClock(metrics.nextAt)}.
          </p>
        </>
      )}
      <p>{configurationSentence(scheduler)}</p>
      {configuration.problems.map((problem) => (
        <p key={problem} className={styles.warning}>
          {problem}
        </p>
      ))}
      {configuration.profiles.map(({ schedulerName, disabled, unknown }) => (
        <p key={schedulerName}>
          <code>{schedulerName}</code>
          {disabled.length > 0 && `, without ${disabled.join(", ")}`}
          {unknown.length > 0 && `, with ${unknown.join(", ")}, which is not modelled`}
        </p>
      ))}
      {others.map(([name, { waiting }]) => (
        <p key={name}>
          {formatPlural(waiting, "pod names", "pods name")} the scheduler <code>{name}</code>, which is not watched.
        </p>
      ))}
    </div>
  );
}
