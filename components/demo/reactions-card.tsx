"use client";
import Link from "next/link";
import { sortInformers, StateMark, stateOf } from "#components/informers/index.ts";
import { useNow, useTopic } from "#components/live/index.ts";
import { pageHref } from "#components/shell/index.ts";
import { Card, CardLink, Skeleton, classNames, formatCount } from "#components/ui/index.ts";
import type { InformerRow } from "#lib/protocol/index.ts";
import { isSound, lossWords, reactionSentence } from "./reactions.model.ts";
import styles from "./reactions-card.module.css";

const noView = {};

/** What the informers make of it: who still watches, who lost the watch and why, and when it is tried again. */
export function ReactionsCard({ cluster }: { readonly cluster: string }) {
  const informers = useTopic(cluster, "informers", noView);
  const rows = informers.phase === "live" ? sortInformers(informers.value.informers) : undefined;
  const isWaiting = rows?.some((row) => !isSound(row)) === true;
  const now = useNow(isWaiting ? 100 : 1_000);
  return (
    <Card
      title="What the informers make of it"
      className={styles.card}
      actions={<CardLink href={pageHref("/informers", cluster)}>Informers</CardLink>}
    >
      <p className={styles.sentence} data-testid="reaction-sentence">
        {rows === undefined ? <Skeleton width={200} /> : reactionSentence(rows)}
      </p>
      <ul className={styles.rows}>
        {rows?.map((row) => (
          <li key={row.key}>
            <Reaction
              row={row}
              now={now}
              href={`${pageHref("/informers", cluster)}&resource=${encodeURIComponent(row.key)}`}
            />
          </li>
        ))}
      </ul>
    </Card>
  );
}

interface ReactionProps {
  readonly row: InformerRow;
  readonly now: number;
  readonly href: string;
}

function Reaction({ row, now, href }: ReactionProps) {
  const { shape, word } = stateOf(row, now);
  const loss = lossWords(row);
  return (
    <Link className={styles.row} href={href} data-testid={`reaction-${row.key}`}>
      <StateMark shape={shape} />
      <code>{row.resource}</code>
      <span className={classNames(styles.word, styles[shape])}>{word ?? "watching"}</span>
      <small className={styles.objects}>{`${formatCount(row.objects)} kept`}</small>
      <small className={styles.loss} title={row.watchLost?.message ?? row.problem?.message}>
        {loss ?? row.groupVersion}
      </small>
    </Link>
  );
}
