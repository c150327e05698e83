"use client";
import { Database, Layers, Radio, Split } from "lucide-react";
import { Fragment, useId, type ReactNode } from "react";
import { useNow } from "#components/live/index.ts";
import {
  Popover,
  Skeleton,
  Spark,
  classNames,
  formatCount,
  formatExactCount,
  formatPlural,
  formatRate,
} from "#components/ui/index.ts";
import type { Informer } from "#lib/protocol/index.ts";
import { ListHistory } from "./list-history.tsx";
import {
  processorFacts,
  queueFacts,
  reflectorFacts,
  reflectorStates,
  reflectorStep,
  reflectorWord,
  storeIndexes,
  type Fact,
} from "./pipeline.model.ts";
import styles from "./pipeline.module.css";
import { verificationWords } from "./verification.model.ts";
import { Verification } from "./verification.tsx";

/** A minute of one value per second. */
const historySeconds = 60;
const iconSize = 15;

/** From the server to the handlers: four stages, with the rates between them. */
export function Pipeline({ informer }: { readonly informer: Informer }) {
  const { rates } = informer;
  return (
    <>
      <div className={styles.pipeline}>
        <ReflectorStage informer={informer} />
        <Flow perSecond={rates.received} from="Reflector" to="Queue" />
        <QueueStage informer={informer} />
        <Flow perSecond={rates.stored} from="Queue" to="Store" />
        <StoreStage informer={informer} />
        <Flow perSecond={rates.stored} from="Store" to="Processor" />
        <ProcessorStage informer={informer} />
      </div>
      <Bus />
    </>
  );
}

function ReflectorStage({ informer }: { readonly informer: Informer }) {
  const now = useNow(informer.row.reflector.phase === "backingOff" ? 100 : 1_000);
  const step = reflectorStep(informer);
  const isWaiting = step !== "watch";
  return (
    <Stage
      title="Reflector"
      icon={<Radio size={iconSize} aria-hidden="true" />}
      aside={<b className={isWaiting ? styles.waiting : styles.flowing}>{reflectorWord(informer, now)}</b>}
      className={styles.reflector}
    >
      <ol className={styles.steps} aria-label="State">
        {reflectorStates.map((state) => (
          <li
            key={state}
            className={classNames(state === step && (isWaiting ? styles.waitingHere : styles.here))}
            aria-current={state === step ? "step" : undefined}
          >
            {state}
          </li>
        ))}
      </ol>
      <Facts
        facts={reflectorFacts(informer, now)}
        details={{ relists: { title: "Every list so far", content: <ListHistory reflector={informer.reflector} /> } }}
      />
    </Stage>
  );
}

function QueueStage({ informer }: { readonly informer: Informer }) {
  const { queue, history, rates } = informer;
  return (
    <Stage
      title="Queue"
      icon={<Layers size={iconSize} aria-hidden="true" />}
      aside={`depth ${formatCount(queue.depth)}`}
    >
      <Spark
        values={history.received}
        capacity={historySeconds}
        tone="fly"
        label={`Received: ${formatRate(rates.received)} now, at most ${formatRate(Math.max(0, ...history.received))} in the last minute`}
      />
      <Facts facts={queueFacts(informer)} />
    </Stage>
  );
}

function StoreStage({ informer }: { readonly informer: Informer }) {
  const now = useNow();
  const { store, verification } = informer;
  const { shown, more } = storeIndexes(informer);
  const verified = verificationWords(informer, now);
  return (
    <Stage
      title="Store"
      icon={<Database size={iconSize} aria-hidden="true" />}
      aside={<span title={formatExactCount(store.objects)}>{formatCount(store.objects)}</span>}
    >
      <dl className={styles.indexes}>
        {shown.map(([index, values]) => (
          <div key={index}>
            <dt title={index}>{index}</dt>
            <dd>{formatPlural(values, "key")}</dd>
          </div>
        ))}
        {shown.length === 0 && <div className={styles.none}>no index</div>}
      </dl>
      <Facts
        facts={[
          ...(more > 0 ? [{ name: "more", value: formatPlural(more, "index", "indexes") }] : []),
          { name: "newest rv", value: store.resourceVersion === "" ? "none yet" : store.resourceVersion },
          { name: "verified", value: verified.value, isAmber: verified.tone === "bad" },
        ]}
        details={
          verification?.phase === "done"
            ? {
                verified: {
                  title: "Store and server compared",
                  content: <Verification result={verification.result} />,
                },
              }
            : {}
        }
      />
    </Stage>
  );
}

function ProcessorStage({ informer }: { readonly informer: Informer }) {
  const { history, rates, row } = informer;
  return (
    <Stage
      title="Processor"
      icon={<Split size={iconSize} aria-hidden="true" className={styles.turned} />}
      aside={formatPlural(row.handlers, "handler")}
    >
      <Spark
        values={history.delivered}
        capacity={historySeconds}
        tone="fly"
        label={`Delivered: ${formatRate(rates.delivered)} now, at most ${formatRate(Math.max(0, ...history.delivered))} in the last minute`}
      />
      <Facts facts={processorFacts(informer)} />
    </Stage>
  );
}

interface StageProps {
  readonly title: string;
  readonly icon: ReactNode;
  readonly aside: ReactNode;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

function Stage({ title, icon, aside, className, children }: StageProps) {
  const id = useId();
  return (
    <section className={classNames(styles.stage, className)} aria-labelledby={id}>
      <header>
        {icon}
        <h3 id={id}>{title}</h3>
        <span className={styles.aside}>{aside}</span>
      </header>
      {children}
    </section>
  );
}

interface FactsProps {
  readonly facts: readonly Fact[];
  /** What opens from a fact, by its name. */
  readonly details?: Readonly<Record<string, { readonly title: string; readonly content: ReactNode }>>;
}

function Facts({ facts, details = {} }: FactsProps) {
  return (
    <dl className={styles.facts}>
      {facts.map(({ name, value, title, isAmber }) => {
        const detail = details[name];
        return (
          <div key={name}>
            <dt>{name}</dt>
            <dd className={classNames(isAmber === true && styles.amber)} title={title ?? value}>
              {detail === undefined ? (
                value
              ) : (
                <Popover {...detail} align="end" testId={`fact-${name}`}>
                  {value}
                </Popover>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

interface FlowProps {
  readonly perSecond: number;
  readonly from: string;
  readonly to: string;
}

/** The dashes move only while something flows. */
function Flow({ perSecond, from, to }: FlowProps) {
  const isFlowing = perSecond > 0;
  return (
    <div className={classNames(styles.flow, !isFlowing && styles.still)}>
      <span className={styles.spoken}>{`${from} to ${to}: `}</span>
      <small>{formatRate(perSecond)}</small>
      <span className={styles.arrow} aria-hidden="true">
        <i className={classNames(isFlowing && styles.moving)} />
      </span>
    </div>
  );
}

/** From the middle of the processor to the registrations below. */
function Bus() {
  return (
    <div className={styles.bus} aria-hidden="true">
      <svg width="100%" height="22">
        <line x1="100%" y1="0" x2="100%" y2="11" />
        <line x1="100%" y1="11" x2="0" y2="11" />
        <line x1="0" y1="11" x2="0" y2="22" />
      </svg>
    </div>
  );
}

const stages = ["Reflector", "Queue", "Store", "Processor"];

export function PipelineSkeleton() {
  return (
    <>
      <div className={styles.pipeline}>
        {stages.map((title, index) => (
          <Fragment key={title}>
            {index > 0 && <div className={styles.flow} />}
            <section className={classNames(styles.stage, index === 0 && styles.reflector)} aria-label={title}>
              <header>
                <h3>{title}</h3>
              </header>
              <div className={styles.skeletons}>
                <Skeleton width="100%" height={30} />
                <Skeleton width="80%" />
                <Skeleton width="90%" />
              </div>
            </section>
          </Fragment>
        ))}
      </div>
      <div className={styles.bus} />
    </>
  );
}
