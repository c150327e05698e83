"use client";
import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { Elapsed } from "#components/live/index.ts";
import { classNames, formatCount, PodName, Provenance, VisuallyHidden } from "#components/ui/index.ts";
import { glyphOf, SentenceText, VerdictGlyph } from "#components/verdict/index.ts";
import type { AttentionGroup } from "#lib/protocol/index.ts";
import styles from "./needs-attention.module.css";

export interface AttentionGroupRowProps {
  readonly group: AttentionGroup;
  readonly href: string;
  /** Of the longest bar of its section. */
  readonly share: number;
  readonly isCurrent: boolean;
  readonly isPeeked: boolean;
  /** It is not in the list any more; its place is kept while somebody is in it. */
  readonly hasLeft: boolean;
  readonly onReach: () => void;
}

/** Pods of one verdict and workload in two lines: the sentence, then whose it is. */
export function AttentionGroupRow(props: AttentionGroupRowProps) {
  const { group, href, share, isCurrent, isPeeked, hasLeft, onReach } = props;
  const { pod, count, namespace, workload, plugins, since } = group;
  return (
    <Link
      className={classNames(
        styles.group,
        isCurrent && styles.current,
        isPeeked && styles.peeked,
        hasLeft && styles.hasLeft,
      )}
      href={href}
      data-key={group.key}
      data-testid={`attention-${group.key}`}
      onFocus={onReach}
    >
      <VerdictGlyph code={group.code} severity={group.severity} size={14} />
      <span className={styles.text}>
        <span>
          <Provenance of={group.provenance}>
            <SentenceText sentence={group.sentence} />
          </Provenance>
          {hasLeft && <VisuallyHidden>, has left</VisuallyHidden>}
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
