"use client";
import { Clapperboard } from "lucide-react";
import Link from "next/link";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useMemo } from "react";
import { useTopic } from "#components/live/index.ts";
import { Peek, usePeek } from "#components/peek/index.ts";
import { Page, pageHref, useCluster, useScenarios } from "#components/shell/index.ts";
import { Button, EmptyState, formatCount, Glyph, Segmented, Skeleton, type GlyphState } from "#components/ui/index.ts";
import type { Attention, Overview } from "#lib/protocol/index.ts";
import { attentionParts, attentionSentence, type AttentionPart } from "./attention.model.ts";
import { Counter } from "./counter.tsx";
import { pointsOf } from "./history.model.ts";
import { NeedsAttention } from "./needs-attention.tsx";
import { lifeOfAPod, proportions, situation } from "./overview.model.ts";
import styles from "./overview-view.module.css";
import { EventListLength, InformersCard, RejectingPlugins } from "./side-cards.tsx";

const noView = {};
const ranges = ["15m", "1h", "6h"] as const;

/** What is waiting, and where: one sentence, then the numbers that support it. */
export function OverviewView() {
  const cluster = useCluster();
  const [range, setRange] = useQueryState("range", parseAsStringLiteral(ranges).withDefault("15m"));
  const overview = useTopic(cluster.id, "overview", noView);
  const history = useTopic(cluster.id, "history", { range });
  const attention = useTopic(cluster.id, "attention", noView);
  const stuck = attention.phase === "live" ? attention.value : undefined;
  const value = overview.phase === "live" ? overview.value : undefined;
  const past = history.phase === "live" ? history.value : undefined;
  const peek = usePeek();
  const points = useMemo(() => pointsOf(past), [past]);
  return (
    <Page
      title="Overview"
      context={value === undefined ? cluster.name : contextOf(value)}
      actions={cluster.mode === "embedded" ? <ScenarioButton /> : undefined}
    >
      {overview.phase === "closed" ? (
        <EmptyState title={`${overview.problem.title}.`}>
          {overview.problem.message} {overview.problem.hint}
        </EmptyState>
      ) : (
        <div className={styles.overview} aria-busy={value === undefined || undefined}>
          <div className={styles.top}>
            <Situation overview={value} attention={stuck} />
            <Segmented
              label="How far back"
              value={range}
              options={ranges.map((each) => ({ value: each, label: each }))}
              onChange={(next) => void setRange(next)}
            />
          </div>
          <ul className={styles.counters}>
            {lifeOfAPod.map((queue) => (
              <li key={queue}>
                <Counter
                  cluster={cluster.id}
                  queue={queue}
                  overview={value}
                  history={past}
                  points={points}
                  range={range}
                />
              </li>
            ))}
          </ul>
          <div className={styles.cards}>
            <NeedsAttention cluster={cluster.id} attention={stuck} peek={peek} />
            <div className={styles.side}>
              <RejectingPlugins cluster={cluster.id} overview={value} />
              <InformersCard cluster={cluster.id} overview={value} />
              <EventListLength overview={value} history={past} points={points} range={range} />
            </div>
          </div>
        </div>
      )}
      <Peek peek={peek} />
    </Page>
  );
}

/** What the embedded cluster plays can be chosen. */
function ScenarioButton() {
  const { open } = useScenarios();
  return (
    <Button size="small" icon={<Clapperboard size={14} aria-hidden="true" />} onClick={open}>
      Scenarios
    </Button>
  );
}

function contextOf({ cluster }: Overview): string {
  return [cluster.name, cluster.version].filter((part) => part !== undefined).join(", ");
}

interface SituationProps {
  readonly overview: Overview | undefined;
  /** Absent until the pods were judged: where they are is known before. */
  readonly attention: Attention | undefined;
}

function Situation({ overview, attention }: SituationProps) {
  const cluster = useCluster();
  if (overview === undefined) {
    return (
      <div className={styles.situation}>
        <h2>
          <Skeleton width={520} height={18} />
        </h2>
        <div className={styles.bar} />
        <p className={styles.legend} />
      </div>
    );
  }
  const { sentence, context } = situation(overview);
  const parts = attention === undefined ? [] : attentionParts(attention);
  return (
    <div className={styles.situation}>
      <h2 data-testid="overview-sentence">
        {attention === undefined ? sentence : attentionSentence(attention)}
        {context !== "" && <small>{context}</small>}
      </h2>
      <div className={styles.bar} aria-hidden="true">
        {attention === undefined
          ? proportions(overview.queue).map(({ queue, count }) => (
              <i key={queue} className={styles[queue]} style={{ flexGrow: count }} />
            ))
          : parts.map(({ part, count }) => <i key={part} className={styles[part]} style={{ flexGrow: count }} />)}
      </div>
      <p className={styles.legend}>
        {parts.map(({ part, count, words, pills }) => (
          <Link key={part} href={`${pageHref("/pods", cluster.id)}&v=${pills.join(",")}`}>
            <Glyph state={partGlyphs[part]} /> <b>{formatCount(count)}</b> {words}
          </Link>
        ))}
      </p>
    </div>
  );
}

const partGlyphs = {
  needYou: "missed",
  blocked: "unschedulable",
  held: "gated",
  moving: "active",
} as const satisfies Record<AttentionPart["part"], GlyphState>;
