"use client";
import { Check, Clock, Link, Lock, Plus, Terminal, Triangle, X, type LucideIcon } from "lucide-react";
import {
  Chip,
  Flash,
  IconButton,
  VisuallyHidden,
  classNames,
  formatClock,
  formatCount,
  formatDuration,
  formatExactCount,
  formatPeriod,
} from "#components/ui/index.ts";
import type { HandlerKind, RegistrationRow } from "#lib/protocol/index.ts";
import styles from "./registrations.module.css";
import { filterText, isBehind, kindWords, syncState, type ShownRegistration } from "./registrations.model.ts";

export const kindIcons = {
  builtIn: Lock,
  tail: Terminal,
  count: Plus,
  diff: Triangle,
  slow: Clock,
  chain: Link,
} as const satisfies Record<HandlerKind, LucideIcon>;

export interface RegistrationCellsProps {
  readonly shown: ShownRegistration;
  /** What a full pending bar stands for. */
  readonly scale: number;
  readonly isSelected: boolean;
  readonly isPending: boolean;
  /** Why nothing can be removed now. */
  readonly offline: string | undefined;
  readonly onSelect: (handler: number | null) => void;
  readonly onRemove: () => void;
}

export function RegistrationCells({
  shown,
  scale,
  isSelected,
  isPending,
  offline,
  onSelect,
  onRemove,
}: RegistrationCellsProps) {
  const { row, isRemoved, sharing } = shown;
  const KindIcon = kindIcons[row.kind];
  const filter = filterText(row.filter);
  return (
    <>
      <th scope="row" className={styles.handle}>
        <button
          type="button"
          className={styles.choose}
          aria-pressed={isSelected}
          aria-label={`Handler ${row.id}, ${row.owner}, ${kindWords[row.kind]}${isRemoved ? ", removed" : ""}`}
          onClick={() => onSelect(isSelected ? null : row.id)}
        >
          {row.id}
        </button>
      </th>
      <td title={row.owner}>
        <b className={styles.owner}>{row.owner}</b>
        {row.isSuspect && !row.isLeaked && (
          <Chip tone="back" size="small" title="Its owner has only added registrations for ten minutes or more">
            suspect
          </Chip>
        )}
        {row.isLeaked && (
          <Chip tone="uns" size="small" title="Its owner was released, the registration was not">
            leaked
          </Chip>
        )}
      </td>
      <td>
        <span className={styles.kind}>
          <KindIcon size={13} aria-hidden="true" />
          {kindWords[row.kind]}
        </span>
      </td>
      <td className={styles.mono}>
        <span className={styles.handlerCell}>
          <span className={styles.handler} title={row.handler}>
            {row.handler}
          </span>
          {sharing?.kind === "first" && (
            <Chip size="small" title={`One handler, registered ${sharing.times} times`}>
              ×{sharing.times}
            </Chip>
          )}
          {sharing?.kind === "again" && (
            <Chip size="small" title="The same handler as above, registered again">
              same
            </Chip>
          )}
          {row.failed > 0 && (
            <Chip
              tone="uns"
              size="small"
              title={
                row.lastErrorAt === undefined
                  ? (row.lastError ?? "It threw")
                  : `${formatClock(row.lastErrorAt)} ${row.lastError ?? ""}`
              }
            >
              {formatCount(row.failed)} failed
            </Chip>
          )}
          {row.filterErrors !== undefined && (
            <Chip tone="back" size="small" title={`Counts as no match: ${row.filterErrors.last}`}>
              filter fails
            </Chip>
          )}
        </span>
      </td>
      <td className={classNames(styles.mono, styles.optional, filter === "all" && styles.weak)} title={filter}>
        {filter}
      </td>
      <td>{isRemoved ? <span className={styles.weak}>removed</span> : <Synced row={row} />}</td>
      <td className={styles.number} data-testid={`handler-delivered-${row.id}`}>
        <Flash of={row.delivered}>{formatExactCount(row.delivered)}</Flash>
      </td>
      <td>
        <Pending row={row} scale={scale} />
      </td>
      <td
        className={classNames(styles.number, isBehind(row) && styles.behind)}
        title={
          row.handlingP99Ms === undefined ? undefined : `handling takes ${formatDuration(row.handlingP99Ms)} at p99`
        }
      >
        {formatDuration(row.lagMs)}
      </td>
      <td className={classNames(styles.optional, styles.weak)}>{formatPeriod(row.resyncMs)}</td>
      <td className={styles.remove}>
        {!row.isRemovable && (
          <span title="Built in: it cannot be removed">
            <Lock size={13} aria-hidden="true" />
            <VisuallyHidden>Built in: it cannot be removed</VisuallyHidden>
          </span>
        )}
        {row.isRemovable && !isRemoved && (
          <IconButton
            icon={<X size={14} aria-hidden="true" />}
            label={`Remove handler ${row.id}`}
            variant="ghost"
            size="small"
            isPending={isPending}
            disabledReason={offline}
            onClick={onRemove}
            data-testid={`handler-remove-${row.id}`}
          />
        )}
      </td>
    </>
  );
}

function Synced({ row }: { readonly row: RegistrationRow }) {
  const state = syncState(row);
  switch (state.kind) {
    case "synced":
      return (
        <span className={styles.synced}>
          <Check size={13} aria-hidden="true" />
          yes
        </span>
      );
    case "waiting":
      return <span className={styles.weak}>not yet</span>;
    case "replaying":
      return (
        <span
          className={styles.replaying}
          title={`${formatExactCount(state.delivered)} of ${formatExactCount(state.total)} synthetic adds`}
        >
          <span className={styles.bar} style={{ width: 28 }}>
            <i style={{ transform: `scaleX(${state.delivered / Math.max(1, state.total)})` }} />
          </span>
          {state.percent}
        </span>
      );
    case "stopped":
      return (
        <Chip tone="uns" size="small" title={state.reason}>
          stopped
        </Chip>
      );
    default:
      return state satisfies never;
  }
}

function Pending({ row, scale }: { readonly row: RegistrationRow; readonly scale: number }) {
  return (
    <span className={classNames(styles.pending, isBehind(row) && styles.behind)} title={formatExactCount(row.pending)}>
      <span className={styles.bar} style={{ width: 44 }}>
        <i style={{ transform: `scaleX(${Math.min(1, row.pending / scale)})` }} />
      </span>
      <span data-testid={`handler-pending-${row.id}`}>{formatCount(row.pending)}</span>
    </span>
  );
}
