"use client";
import { ArrowRight, ChevronRight } from "lucide-react";
import Link from "next/link";
import { Elapsed, useNow } from "#components/live/index.ts";
import { pageHref, podHref } from "#components/shell/index.ts";
import { Card, EmptyState, formatCount, formatPlural, PodName, Provenance, Skeleton } from "#components/ui/index.ts";
import { glyphOf, SentenceText, VerdictGlyph } from "#components/verdict/index.ts";
import type { Attention, AttentionGroup } from "#lib/protocol/index.ts";
import { ageShare, sectionsOf } from "./attention.model.ts";
import styles from "./needs-attention.module.css";

export interface NeedsAttentionProps {
  readonly cluster: string;
  readonly attention: Attention | undefined;
}

/** What is stuck and why, by verdict and workload, the worst first. */
export function NeedsAttention({ cluster, attention }: NeedsAttentionProps) {
  const now = useNow(15_000);
  const sections = attention === undefined ? [] : sectionsOf(attention);
  return (
    <Card
      title="Needs attention"
      context="grouped by verdict and workload, worst first"
      actions={
        <Link className={styles.open} href={pageHref("/pods", cluster)}>
          Open in Pods <ArrowRight size={14} aria-hidden="true" />
        </Link>
      }
      className={styles.card}
    >
      <div className={styles.scroller}>
        {attention === undefined && (
          <p className={styles.loading}>
            <Skeleton width={360} />
          </p>
        )}
        {attention !== undefined && sections.length === 0 && (
          <EmptyState title={attention.pending === 0 ? "No pods are pending." : "Nothing needs you."}>
            {attention.moving > 0 && `${formatPlural(attention.moving, "pod")} will move on their own.`}
          </EmptyState>
        )}
        {sections.map(({ title, pods, groups }) => (
          <section key={title} aria-label={title}>
            <h3 className={styles.section}>
              {title} <small>{countText(pods, groups.length)}</small>
            </h3>
            <ul>
              {groups.map((group) => (
                <li key={group.key}>
                  <Group group={group} cluster={cluster} share={ageShare(group, groups, now)} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Card>
  );
}

function countText(pods: number, groups: number): string {
  return groups > 1 && groups < pods ? `${formatPlural(pods, "pod")} in ${groups} groups` : formatPlural(pods, "pod");
}

interface GroupProps {
  readonly group: AttentionGroup;
  readonly cluster: string;
  /** Of the longest bar of its section. */
  readonly share: number;
}

function Group({ group, cluster, share }: GroupProps) {
  const { pod, count, namespace, workload, plugins, since } = group;
  const href =
    count === 1
      ? podHref(cluster, pod)
      : `${pageHref("/pods", cluster)}&v=${group.code}&ns=${encodeURIComponent(namespace)}${workload === undefined ? "" : `&q=${encodeURIComponent(workload.name)}`}`;
  return (
    <Link className={styles.group} href={href} data-testid={`attention-${group.key}`}>
      <VerdictGlyph code={group.code} severity={group.severity} size={14} />
      <span className={styles.text}>
        <span>
          <Provenance of={group.provenance}>
            <SentenceText sentence={group.sentence} />
          </Provenance>
        </span>
        <small>
          <PodName namespace={namespace} name={count === 1 ? pod.name : (workload?.name ?? pod.name)} />
          {plugins.slice(0, 3).map((plugin) => (
            <span key={plugin}>{plugin}</span>
          ))}
        </small>
      </span>
      <b className={styles.count}>{count > 1 && `${formatCount(count)} pods`}</b>
      <span className={styles.age}>
        <Elapsed since={since} />
        <span className={styles.track} aria-hidden="true">
          <i className={styles[glyphOf(group)]} style={{ width: `${share * 100}%` }} />
        </span>
      </span>
      <ChevronRight size={14} className={styles.arrow} aria-hidden="true" />
    </Link>
  );
}
