"use client";
import { useShortcut } from "./shortcuts.tsx";

export interface ListKeys {
  /** The page, in the sheet. */
  readonly group: string;
  /** What a row is: `row`, `group`. */
  readonly noun: string;
  readonly onMove: (by: 1 | -1) => void;
  /** Absent as long as no row is chosen. */
  readonly onOpen: ((isNewTab: boolean) => void) | undefined;
}

/** The keys of a list of pods, the same wherever there is one. */
export function useListKeys({ group, noun, onMove, onOpen }: ListKeys): void {
  const next = { label: `Next ${noun}`, group, isRepeated: true };
  const previous = { label: `Previous ${noun}`, group, isRepeated: true };
  useShortcut({ keys: "j", ...next }, () => onMove(1));
  useShortcut({ keys: "k", ...previous }, () => onMove(-1));
  useShortcut({ keys: "arrowdown", ...next }, () => onMove(1));
  useShortcut({ keys: "arrowup", ...previous }, () => onMove(-1));
  const isOn = onOpen !== undefined;
  useShortcut({ keys: "enter", label: `Open the ${noun}`, group, isOn }, () => onOpen?.(false));
  useShortcut({ keys: "mod+enter", label: "Open it in a new tab", group, isOn }, () => onOpen?.(true));
}
