"use client";
import {
  useEffect,
  useEffectEvent,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
} from "react";
import { useShortcut } from "#components/ui/index.ts";
import { columnIndexOf, seqsOf, type Column, type Columns, type OpenRun, type ShownPod } from "./columns.model.ts";
import { neighbour, roving } from "./strip.model.ts";
import type { Selection } from "./use-selection.ts";

/** What the pointer is on: a pod, whose picture is shown as if it were selected, or an event. */
export interface Hovered {
  readonly pod?: string;
  readonly seq?: number;
}

interface ListHandlers {
  readonly onClick: (event: MouseEvent) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onPointerOver: (event: PointerEvent) => void;
}

export interface ListInputOptions {
  readonly columns: Columns;
  readonly selection: Selection;
  readonly anchor: number | undefined;
  readonly onOpen: (run: OpenRun) => void;
  readonly onHover: (hovered: Hovered) => void;
  /** Brings a column into sight that is not in the document yet. */
  readonly onReach: (index: number) => void;
}

export interface ListInput {
  readonly handlers: ListHandlers;
  /** The column that the tabulator key reaches. */
  readonly currentIndex: number;
}

/** Pointer and keys on the chain. Cells are drawn; `data-index` says which one was meant. */
export function useListInput({ columns, selection, anchor, onOpen, onHover, onReach }: ListInputOptions): ListInput {
  const [cursor, setCursor] = useState<number>();
  const all = columns.columns;
  const reached = useRef<{ readonly list: Element; readonly index: number }>(undefined);
  const focusReached = useEffectEvent(() => {
    if (reached.current === undefined) return;
    const { list, index } = reached.current;
    if (focusColumn(list, index)) reached.current = undefined;
  });
  useEffect(() => focusReached());

  const choose = (column: Column | undefined): void => {
    if (column === undefined) return;
    setCursor(seqsOf(column).from);
    if (column.kind === "marker") selection.selectPod(column.pod.uid);
    else if (column.kind === "fold") onOpen(seqsOf(column));
    else selection.selectEvent(column.event.seq);
  };
  const handlers: ListHandlers = {
    onClick: ({ target }) => {
      choose(all[indexIn(target) ?? -1]);
    },
    onKeyDown: (event) => {
      const index = indexIn(event.target);
      if (index === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "Enter") {
        event.preventDefault();
        choose(all[index]);
        return;
      }
      const next = roving(all, columns.ghosts, index, event.key);
      const column = next === undefined ? undefined : all[next];
      if (column === undefined) return;
      event.preventDefault();
      setCursor(seqsOf(column).from);
      if (next === undefined || focusColumn(event.currentTarget, next)) return;
      reached.current = { list: event.currentTarget, index: next };
      onReach(next);
    },
    onPointerOver: ({ target }) => {
      const column = all[indexIn(target) ?? -1];
      if (column === undefined) onHover({});
      else onHover(column.kind === "marker" ? { pod: column.pod.uid } : { seq: seqsOf(column).from });
    },
  };
  const wanted = cursor ?? anchor;
  const index = wanted === undefined ? -1 : columnIndexOf(all, wanted);
  return { handlers, currentIndex: index === -1 ? all.length - 1 : index };
}

/** `[` and `]` go from pod to pod, `esc` lets go of the event first, then of the pod. */
export function useSelectionKeys(selection: Selection, pods: readonly ShownPod[]): void {
  const inFlight = pods.filter(({ isGone }) => !isGone).map(({ pod }) => pod);
  const step = (by: 1 | -1) => (): void => {
    const uid = neighbour(inFlight, selection.pod, by);
    if (uid !== undefined && uid !== selection.pod) selection.selectPod(uid);
  };
  const group = "Queue";
  useShortcut({ keys: "[", label: "Previous pod in flight", group }, step(-1));
  useShortcut({ keys: "]", label: "Next pod in flight", group }, step(1));
  const isOn = selection.pod !== undefined || selection.event !== undefined;
  useShortcut({ keys: "escape", label: "Clear selection", group, isOn }, () => {
    if (selection.event === undefined) selection.clearPod();
    else selection.clearEvent();
  });
}

function focusColumn(list: Element, index: number): boolean {
  const option = list.querySelector<SVGElement>(`[data-index="${index}"]`);
  option?.focus();
  return option !== null;
}

function indexIn(target: EventTarget): number | undefined {
  const value = target instanceof Element ? target.closest("[data-index]")?.getAttribute("data-index") : undefined;
  return value === null || value === undefined ? undefined : Number(value);
}
