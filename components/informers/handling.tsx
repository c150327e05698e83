"use client";
import { RotateCw } from "lucide-react";
import { useNow, useOfflineReason } from "#components/live/index.ts";
import {
  Button,
  formatAge,
  formatClock,
  formatDuration,
  formatExactCount,
  formatPeriod,
  formatPlural,
} from "#components/ui/index.ts";
import type { RegistrationRow } from "#lib/protocol/index.ts";
import { handlingBars } from "./handling.model.ts";
import styles from "./handling.module.css";
import { filterText } from "./registrations.model.ts";

export interface HandlingProps {
  readonly registration: RegistrationRow;
  readonly isReplaying: boolean;
  readonly onReplay: () => void;
}

/** How one handler does: what it was told, how long it takes, what went wrong. */
export function Handling({ registration, isReplaying, onReplay }: HandlingProps) {
  const offline = useOfflineReason();
  return (
    <div className={styles.handling}>
      <div className={styles.facts}>
        <dl>
          <Facts registration={registration} />
        </dl>
        <Button
          size="small"
          icon={<RotateCw size={13} aria-hidden="true" />}
          isPending={isReplaying}
          disabledReason={offline}
          title="Delivers the cache again to this handler only"
          onClick={onReplay}
        >
          Replay to this handler
        </Button>
      </div>
      <Times registration={registration} />
      <Mistakes registration={registration} />
    </div>
  );
}

function Facts({ registration }: { readonly registration: RegistrationRow }) {
  const now = useNow();
  const { addedAt, filter, filtered, delivered, resyncMs, delayMs, busySince, stoppedReason, stoppedAt, chain } =
    registration;
  const rows: readonly (readonly [string, string])[] = [
    ["added", `${formatDuration(now - addedAt)} ago, at ${formatClock(addedAt)}`],
    ["filter", filterText(filter)],
    ["told", `${formatExactCount(delivered)}, ${formatExactCount(filtered)} filtered out`],
    ["resync", formatPeriod(resyncMs)],
    ...(delayMs === undefined ? [] : [["delay", formatDuration(delayMs)] as const]),
    ...(busySince === undefined ? [] : [["in a call for", formatAge(now - busySince)] as const]),
    ...(chain === undefined
      ? []
      : [["chain", `${formatPlural(chain.objects, "object")}, digest ${chain.digest}`] as const]),
    ...(stoppedReason === undefined
      ? []
      : [
          [
            "stopped",
            `${stoppedReason}${stoppedAt === undefined ? "" : `, ${formatDuration(now - stoppedAt)} ago`}`,
          ] as const,
        ]),
  ];
  return rows.map(([name, value]) => (
    <div key={name}>
      <dt>{name}</dt>
      <dd title={value}>{value}</dd>
    </div>
  ));
}

function Times({ registration }: { readonly registration: RegistrationRow }) {
  const { handlingP99Ms, longestMs } = registration;
  const bars = handlingBars(registration);
  const known = [
    ...(handlingP99Ms === undefined ? [] : [`99 of 100 within ${formatDuration(handlingP99Ms)}`]),
    ...(longestMs === undefined ? [] : [`the longest ${formatDuration(longestMs)}`]),
  ].join(", ");
  return (
    <section className={styles.times} aria-label="Handling time">
      <h4>
        Handling time<small>{known === "" ? "no call was timed yet" : known}</small>
      </h4>
      <ol>
        {bars.map(({ key, label, count, share }) => (
          <li key={key}>
            <span>{label}</span>
            <i style={{ transform: `scaleX(${share})` }} />
            <b>{formatExactCount(count)}</b>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Mistakes({ registration }: { readonly registration: RegistrationRow }) {
  const { failed, lastError, lastErrorAt, filterErrors } = registration;
  return (
    <section className={styles.mistakes} aria-label="Errors">
      <h4>
        Errors<small>{failed === 0 ? "it has never thrown" : `${formatExactCount(failed)} calls threw`}</small>
      </h4>
      {lastError !== undefined && (
        <pre>
          {lastErrorAt === undefined ? "" : `${formatClock(lastErrorAt)}  `}
          {lastError}
        </pre>
      )}
      {filterErrors !== undefined && (
        <>
          <p>{`${formatPlural(filterErrors.count, "object")} could not be judged by its CEL filter, which counts as no match:`}</p>
          <pre>{filterErrors.last}</pre>
        </>
      )}
    </section>
  );
}
