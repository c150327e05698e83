"use client";
import { Pause, Play, Volume2, X } from "lucide-react";
import { useState } from "react";
import { useTopic, type Watched } from "#components/live/index.ts";
import { HeldPill, useHeldPicture, useInside, type Inside } from "#components/still/index.ts";
import {
  EmptyState,
  IconButton,
  Segmented,
  Skeleton,
  formatCount,
  formatRate,
  useAnnounce,
} from "#components/ui/index.ts";
import type { InformerRow, RegistrationRow, Tail } from "#lib/protocol/index.ts";
import styles from "./handler-drawer.module.css";
import { Handling } from "./handling.tsx";
import { LineObject } from "./line-object.tsx";
import { kindIcons } from "./registration-cells.tsx";
import { filterText, hasTail, kindWords } from "./registrations.model.ts";
import { TailLines } from "./tail-lines.tsx";
import { modesOf, newestSeq, type TailMode } from "./tail.model.ts";
import { useInformerCommands } from "./use-informer-commands.ts";

export interface HandlerDrawerProps {
  readonly cluster: string;
  readonly row: InformerRow;
  readonly registration: RegistrationRow;
  /** How its notifications are shown; `null`: how it handles them instead. */
  readonly mode: TailMode | null;
  readonly onMode: (mode: TailMode | null) => void;
  /** Number of the line whose object is shown; absent: the newest. */
  readonly line: number | undefined;
  readonly onLine: (seq: number) => void;
  readonly onClose: () => void;
}

const modeWords = {
  summary: "Summary",
  diff: "Diff",
  json: "JSON",
  handling: "Handling",
} as const satisfies Record<TailMode | "handling", string>;

/** One registration from close by: what its handler hears, and how it does. */
export function HandlerDrawer(props: HandlerDrawerProps) {
  const { cluster, row, registration, mode, onMode, line, onLine, onClose } = props;
  const isTailed = hasTail(registration);
  const tail = useTopic(cluster, "tail", isTailed ? { registration: registration.id } : undefined);
  const { replay } = useInformerCommands(cluster, row);
  const live = tail.phase === "live" ? tail.value : undefined;
  const inside = useInside();
  const shown = useHeldPicture(live, inside.isInside);
  const [isReadOut, setReadOut] = useState(false);
  const modes = live === undefined ? [] : modesOf(live);
  const shownMode = mode === null || !isTailed ? undefined : modes.includes(mode) ? mode : "summary";
  const Icon = kindIcons[registration.kind];
  const filter = filterText(registration.filter);
  return (
    <section
      className={styles.drawer}
      aria-label={isTailed ? `Live tail of handler ${registration.id}` : `Handler ${registration.id}`}
      data-testid="tail-drawer"
    >
      <header className={styles.header}>
        <Icon size={15} aria-hidden="true" />
        <h3>
          {isTailed ? (registration.kind === "diff" ? "Diff" : "Tail") : kindWords[registration.kind]} #
          {registration.id}
        </h3>
        <p className={styles.context}>
          {registration.owner}, {filter === "all" ? "everything" : filter}
          {live === undefined ? "" : `, ${formatRate(live.perSecond)}`}
        </p>
        {shownMode !== undefined && <TailPill inside={inside} missed={(live?.total ?? 0) - (shown?.total ?? 0)} />}
        <span className={styles.space} />
        {shownMode !== undefined && (
          <TailButtons inside={inside} isReadOut={isReadOut} onReadOut={() => setReadOut(!isReadOut)} />
        )}
        {isTailed && (
          <Segmented
            label="Show each notification as"
            value={shownMode ?? "handling"}
            options={[...modes, "handling" as const].map((value) => ({ value, label: modeWords[value] }))}
            onChange={(value) => onMode(value === "handling" ? null : value)}
          />
        )}
        <IconButton
          icon={<X size={14} aria-hidden="true" />}
          label={isTailed ? "Close the tail" : "Close the handler"}
          variant="ghost"
          size="small"
          onClick={onClose}
        />
      </header>
      {shownMode === undefined && (!isTailed || mode === null) ? (
        <Handling
          registration={registration}
          isReplaying={replay.isPending}
          onReplay={() => replay.run(registration.id)}
        />
      ) : (
        <TailBody
          {...{ cluster, tail, shown, inside, isReadOut, line, onLine }}
          handler={registration.id}
          mode={shownMode ?? "summary"}
        />
      )}
    </section>
  );
}

interface TailPillProps {
  readonly inside: Inside;
  /** Lines that came and are not shown. */
  readonly missed: number;
}

function TailPill({ inside: { isInside, isPinned, release }, missed }: TailPillProps) {
  if (!isInside || (missed === 0 && !isPinned)) return null;
  return (
    <HeldPill changes={missed} group="Informers" onShow={release} isInHeader>
      {isPinned ? "paused" : "held while you are here"}, {formatCount(missed)} new
    </HeldPill>
  );
}

interface TailButtonsProps {
  readonly inside: Inside;
  readonly isReadOut: boolean;
  readonly onReadOut: () => void;
}

function TailButtons({ inside: { isPinned, togglePin }, isReadOut, onReadOut }: TailButtonsProps) {
  const announce = useAnnounce();
  return (
    <>
      <IconButton
        icon={<Volume2 size={14} aria-hidden="true" />}
        label={isReadOut ? "Stop reading new lines out" : "Read new lines out"}
        variant={isReadOut ? "plain" : "ghost"}
        size="small"
        aria-pressed={isReadOut}
        onClick={onReadOut}
      />
      <IconButton
        icon={isPinned ? <Play size={13} aria-hidden="true" /> : <Pause size={13} aria-hidden="true" />}
        label={isPinned ? "Resume the tail" : "Pause the tail"}
        variant={isPinned ? "plain" : "ghost"}
        size="small"
        aria-pressed={isPinned}
        onClick={() => {
          togglePin();
          announce(isPinned ? "The tail goes on." : "The tail is paused.");
        }}
      />
    </>
  );
}

interface TailBodyProps {
  readonly cluster: string;
  readonly handler: number;
  readonly tail: Watched<Tail>;
  readonly shown: Tail | undefined;
  readonly inside: Inside;
  readonly mode: TailMode;
  readonly isReadOut: boolean;
  readonly line: number | undefined;
  readonly onLine: (seq: number) => void;
}

function TailBody({ cluster, handler, tail, shown, inside, mode, isReadOut, line, onLine }: TailBodyProps) {
  if (tail.phase === "loading") return <TailSkeleton />;
  if (tail.phase === "closed") {
    return (
      <EmptyState title={`${tail.problem.title}.`}>
        {tail.problem.message} {tail.problem.hint}
      </EmptyState>
    );
  }
  if (shown === undefined) return null;
  const seq = mode === "json" ? (line ?? newestSeq(shown)) : undefined;
  return (
    <div className={styles.body} {...inside.handlers}>
      <TailLines tail={shown} mode={mode} chosen={seq} onChoose={onLine} isReadOut={isReadOut} />
      {seq !== undefined && <LineObject cluster={cluster} handler={handler} seq={seq} />}
    </div>
  );
}

const skeletonRows = [200, 60, 180, 120, 160, 90];

function TailSkeleton() {
  return (
    <div aria-busy="true">
      {skeletonRows.map((width) => (
        <div key={width} className={styles.skeletonLine}>
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
