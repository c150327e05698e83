"use client";
import { Info, MessageSquareQuote } from "lucide-react";
import { Elapsed } from "#components/live/index.ts";
import { Card, Provenance } from "#components/ui/index.ts";
import { SentenceText } from "#components/verdict/index.ts";
import type { PodDetail } from "#lib/protocol/index.ts";
import styles from "./side-cards.module.css";

type Fact = PodDetail["facts"][number];

interface FactsProps {
  readonly facts: readonly Fact[];
}

/** In their own words, each with where it stands and how old it is: autoscalers, Kueue, whoever warned. */
export function SaidByOthers({ facts }: FactsProps) {
  const said = facts.filter(({ by }) => by !== undefined);
  if (said.length === 0) return null;
  const who = [...new Set(said.map(({ by }) => by))].join(", ");
  return (
    <Card title="What others say" context={who} className={styles.card}>
      <FactList facts={said} icon={<MessageSquareQuote size={14} aria-hidden="true" />} />
    </Card>
  );
}

/** Worth knowing, and no verdict: claims, nominations, whoever had the name before. */
export function AlsoTrue({ facts }: FactsProps) {
  const known = facts.filter(({ by }) => by === undefined);
  if (known.length === 0) return null;
  return (
    <Card title="Also true" className={styles.card}>
      <FactList facts={known} icon={<Info size={14} aria-hidden="true" />} />
    </Card>
  );
}

function FactList({ facts, icon }: FactsProps & { readonly icon: React.ReactNode }) {
  return (
    <ul className={`${styles.evidence} ${styles.facts}`}>
      {facts.map(({ kind, title, detail, by, source, provenance, at }) => (
        <li key={`${kind} ${title} ${source ?? ""}`} data-testid={`pod-fact-${kind}`}>
          {icon}
          <div>
            <b>
              <Provenance of={provenance}>{title}</Provenance>
            </b>
            <small>
              <SentenceText sentence={detail} isPlain />
            </small>
            {by !== undefined && (
              <small className={styles.source}>
                {source === undefined ? `${by}, observed` : `${source}, observed`}
                {at !== undefined && (
                  <>
                    {" "}
                    <Elapsed since={at} /> ago
                  </>
                )}
              </small>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
