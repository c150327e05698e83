"use client";
import { Check, X } from "lucide-react";
import { Card, CopyBlock, formatClock, formatExactCount, formatPlural } from "#components/ui/index.ts";
import { SentenceText } from "#components/verdict/index.ts";
import type { PodDetail } from "#lib/protocol/index.ts";
import styles from "./side-cards.module.css";

interface OfPod {
  readonly pod: PodDetail;
}

interface NearMissesProps extends OfPod {
  readonly lookedAt: number | undefined;
  readonly onLook: (rank: number | undefined) => void;
  /** The best change and what wakes it can be read without a click. */
  readonly isOpened?: boolean;
}

/** Changes of one thing that would open a node, each tried with the same plugins. Never made from here. */
export function NearMisses({ pod, lookedAt, onLook, isOpened = false }: NearMissesProps) {
  const { nearMisses, nearMissesTried, waking, matrix } = pod;
  const takenBy = matrix?.fits ?? 0;
  const isHeld = pod.verdict.severity === "held";
  return (
    <Card title={isHeld ? "Once nothing holds it" : "What would unblock it"} className={styles.card}>
      <ol className={styles.near}>
        {nearMisses.map(({ rank, title, detail, command }) => (
          <li
            key={rank}
            className={rank === lookedAt ? styles.looked : undefined}
            onPointerEnter={() => onLook(rank)}
            onPointerLeave={() => onLook(undefined)}
            data-testid={`nearmiss-${rank}`}
          >
            <i aria-hidden="true">{rank}</i>
            <details
              open={isOpened && rank === 1}
              onToggle={(event) => onLook(event.currentTarget.open ? rank : undefined)}
            >
              <summary>
                <b>{title}</b>
                <small>{detail}</small>
              </summary>
              <CopyBlock text={command} label={`Copy the command: ${title}`} />
            </details>
          </li>
        ))}
      </ol>
      {nearMisses.length === 0 && (
        <p className={styles.quiet}>
          {takenBy > 0
            ? `${formatPlural(takenBy, "node takes", "nodes take")} it as it is.`
            : nearMissesTried
              ? "No single change opens a node."
              : "Trying changes of one thing…"}
        </p>
      )}
      {waking.length > 0 && (
        <details className={styles.waking} open={isOpened}>
          <summary>{formatPlural(waking.length, "kind of event wakes", "kinds of events wake")} it</summary>
          <ul>
            {waking.map(({ label, text, plugins }) => (
              <li key={label}>
                <code>{label}</code> {text} <small>{plugins.join(", ")}</small>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}

const comparisonTitles = {
  agrees: () => "kube-scheduler agrees",
  disagrees: (differing: number) => `kube-scheduler disagrees on ${formatExactCount(differing)}`,
  silent: () => "kube-scheduler has said nothing yet",
  notCompared: () => "Not compared with kube-scheduler",
} as const satisfies Record<PodDetail["comparison"]["state"], (differing: number) => string>;

/** Reasons and their nodes, ours beside kube-scheduler's. */
export function Comparison({ pod: { comparison } }: OfPod) {
  const { state, differing, rows, message, at, why, oursOf } = comparison;
  const agreeing = rows.length - differing;
  return (
    <Card
      title={comparisonTitles[state](differing)}
      actions={
        rows.length > 0 && (
          <span className={state === "agrees" ? styles.agrees : styles.quiet}>
            {state === "agrees" && <Check size={13} aria-hidden="true" />} {agreeing} of {rows.length} reasons
          </span>
        )
      }
      className={styles.card}
    >
      {why !== undefined && <p className={styles.quiet}>{why}</p>}
      {rows.length > 0 && (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Reason, nodes</th>
              <th scope="col">ours</th>
              <th scope="col">theirs</th>
              <th scope="col" aria-label="agreement" />
            </tr>
          </thead>
          <tbody>
            {rows.map(({ reason, ours, theirs }) => (
              <tr key={reason} className={ours === theirs ? undefined : styles.differs}>
                <th scope="row" title={reason}>
                  {reason}
                </th>
                <td>{ours ?? "–"}</td>
                <td>{theirs ?? "–"}</td>
                <td>
                  {ours === theirs ? <Check size={13} aria-label="same" /> : <X size={13} aria-label="differs" />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {message !== undefined && (
        <div className={styles.message}>
          <CopyBlock text={message} label="Copy kube-scheduler's message" />
        </div>
      )}
      {at !== undefined && (
        <p className={styles.quiet}>
          Said at {formatClock(at)}
          {oursOf === "now" && ", before we watched: ours is of now"}
        </p>
      )}
    </Card>
  );
}

/** What the verdict rests on, each with whether it holds. */
export function Evidence({ pod: { evidence } }: OfPod) {
  if (evidence.length === 0) return null;
  const holding = evidence.filter(({ holds }) => holds).length;
  return (
    <Card
      title="Evidence"
      actions={
        <span className={styles.quiet}>
          {holding} of {evidence.length} {holding === 1 ? "holds" : "hold"}
        </span>
      }
      className={styles.card}
    >
      <ul className={styles.evidence}>
        {evidence.map(({ title, detail, holds }) => (
          <li key={title}>
            {holds ? <Check size={14} aria-label="holds" /> : <X size={14} aria-label="does not hold" />}
            <div>
              <b>{title}</b>
              <small>
                <SentenceText sentence={detail} />
              </small>
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function Advice({ pod: { advice } }: OfPod) {
  if (advice === undefined) return null;
  return (
    <Card title="What you can do" className={styles.card}>
      <p className={styles.text}>{advice.text}</p>
      {advice.command !== undefined && (
        <div className={styles.message}>
          <CopyBlock text={advice.command} label="Copy the command" />
        </div>
      )}
    </Card>
  );
}
