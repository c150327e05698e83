"use client";
import { Minus, Plus, RotateCw, Triangle, X, type LucideIcon } from "lucide-react";
import { useMemo } from "react";
import { useTopic } from "#components/live/index.ts";
import {
  Button,
  EmptyState,
  IconButton,
  PodName,
  Segmented,
  Skeleton,
  classNames,
  formatClock,
  formatCount,
  formatRate,
  useRowWindow,
} from "#components/ui/index.ts";
import type { RegistrationRow, Tail, TailLine } from "#lib/protocol/index.ts";
import { kindIcons } from "./registration-cells.tsx";
import { filterText } from "./registrations.model.ts";
import styles from "./tail-drawer.module.css";
import { modesOf, tailRows, typeWords, type TailMode, type TailRow } from "./tail.model.ts";
import { useHeld } from "./use-held.ts";

export interface TailDrawerProps {
  readonly cluster: string;
  readonly registration: RegistrationRow;
  readonly mode: TailMode;
  readonly onMode: (mode: TailMode) => void;
  readonly onClose: () => void;
}

const modeWords = { summary: "Summary", diff: "Diff", json: "JSON" } as const satisfies Record<TailMode, string>;

/** What one handler hears, the newest on top. It stands still while the pointer or the focus is in it. */
export function TailDrawer({ cluster, registration, mode, onMode, onClose }: TailDrawerProps) {
  const tail = useTopic(cluster, "tail", { registration: registration.id });
  const live = tail.phase === "live" ? tail.value : undefined;
  const { shown, isHeld, holding, release } = useHeld(live);
  const isNew = (live?.total ?? 0) - (shown?.total ?? 0);
  const Icon = kindIcons[registration.kind];
  const modes = live === undefined ? [] : modesOf(live);
  const filter = filterText(registration.filter);
  return (
    <section className={styles.drawer} aria-label={`Live tail of handler ${registration.id}`} data-testid="tail-drawer">
      <header className={styles.header}>
        <Icon size={15} aria-hidden="true" />
        <h3>
          {registration.kind === "diff" ? "Diff" : "Tail"} #{registration.id}
        </h3>
        <p className={styles.context}>
          {filter === "all" ? "everything" : filter}, {live === undefined ? "" : formatRate(live.perSecond)}
        </p>
        {isHeld && isNew > 0 && (
          <Button size="small" className={styles.held} onClick={release}>
            held while you are here, {formatCount(isNew)} new
          </Button>
        )}
        <span className={styles.space} />
        {modes.length > 0 && (
          <Segmented
            label="Show each notification as"
            value={modes.includes(mode) ? mode : "summary"}
            options={modes.map((value) => ({ value, label: modeWords[value] }))}
            onChange={onMode}
          />
        )}
        <IconButton
          icon={<X size={14} aria-hidden="true" />}
          label="Close the tail"
          variant="ghost"
          size="small"
          onClick={onClose}
        />
      </header>
      {tail.phase === "loading" && <TailSkeleton />}
      {tail.phase === "closed" && (
        <EmptyState title={`${tail.problem.title}.`}>
          {tail.problem.message} {tail.problem.hint}
        </EmptyState>
      )}
      {shown !== undefined && tail.phase === "live" && (
        <div className={styles.body} {...holding}>
          <TailLines tail={shown} mode={modes.includes(mode) ? mode : "summary"} />
        </div>
      )}
    </section>
  );
}

const rowHeight = 25;

function TailLines({ tail, mode }: { readonly tail: Tail; readonly mode: TailMode }) {
  const rows = useMemo(() => tailRows(tail, mode), [tail, mode]);
  const { scroller, items, height } = useRowWindow<HTMLDivElement>({
    count: rows.length,
    rowHeight,
    keyOf: (index) => rows[index]?.key ?? index,
  });
  if (rows.length === 0)
    return <EmptyState title="Nothing has happened yet.">What the handler hears appears here.</EmptyState>;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a list that scrolls must be reachable by keyboard
    <div className={styles.scroller} ref={scroller} role="log" aria-live="off" aria-label="Notifications" tabIndex={0}>
      <div className={styles.lines} style={{ height: height }}>
        {items.map(({ index, key, start }) => {
          const row = rows[index];
          return row === undefined ? null : (
            <div key={key} className={styles.line} style={{ transform: `translateY(${start}px)` }}>
              <TailRowCells row={row} isJson={mode === "json"} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

const typeIcons = {
  added: Plus,
  modified: Triangle,
  deleted: Minus,
  sync: RotateCw,
} as const satisfies Record<TailLine["type"], LucideIcon>;

function TailRowCells({ row, isJson }: { readonly row: TailRow; readonly isJson: boolean }) {
  if (row.kind === "change") {
    return (
      <>
        <span className={styles.path} title={row.path}>
          {row.path}
        </span>
        <span className={styles.change}>
          {row.before === undefined ? "absent" : <del>{row.before}</del>} →{" "}
          {row.after === undefined ? "absent" : <ins>{row.after}</ins>}
        </span>
      </>
    );
  }
  const { line, text } = row;
  const Icon = typeIcons[line.type];
  return (
    <>
      <time className={styles.at} dateTime={new Date(line.at).toISOString()}>
        {formatClock(line.at, { withMilliseconds: true })}
      </time>
      <span className={classNames(styles.type, styles[line.type])}>
        <Icon size={13} aria-hidden="true" />
        {typeWords[line.type]}
      </span>
      <span className={styles.name}>
        <PodName namespace={line.namespace} name={line.name} />
      </span>
      <span className={styles.version}>{line.resourceVersion}</span>
      <span className={classNames(styles.text, isJson && styles.json)} title={text}>
        {text}
      </span>
    </>
  );
}

const skeletonRows = [200, 60, 180, 120, 160, 90];

function TailSkeleton() {
  return (
    <div aria-busy="true">
      {skeletonRows.map((width) => (
        <div key={width} className={classNames(styles.line, styles.skeleton)}>
          <Skeleton width={80} />
          <Skeleton width={70} />
          <Skeleton width={170} />
          <Skeleton width={64} />
          <Skeleton width={width} />
        </div>
      ))}
    </div>
  );
}
