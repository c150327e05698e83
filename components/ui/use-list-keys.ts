"use client";
import { useShortcut } from "./shortcuts.tsx";

export interface ListKeys {
  /** The page, in the sheet. */
  readonly group: string;
  /** What a row is: `row`, `group`. */
  readonly noun: string;
  /** Whether there is anything to move in. */
  readonly isOn?: boolean;
  readonly onMove: (by: 1 | -1) => void;
  /** Absent as long as no row is chosen, and where rows do not open. */
  readonly onOpen?: ((isNewTab: boolean) => void) | undefined;
}

/** The keys of a list, the same on every page. A list that has the focus and keys of its own comes first. */
export function useListKeys({ group, noun, isOn = true, onMove, onOpen }: ListKeys): void {
  const next = { label: `Next ${noun}`, group, isOn, isRepeated: true };
  const previous = { label: `Previous ${noun}`, group, isOn, isRepeated: true };
  useShortcut({ keys: "j", ...next }, () => onMove(1));
  useShortcut({ keys: "k", ...previous }, () => onMove(-1));
  useShortcut({ keys: "arrowdown", ...next }, () => onMove(1));
  useShortcut({ keys: "arrowup", ...previous }, () => onMove(-1));
  const canOpen = onOpen !== undefined;
  useShortcut({ keys: "enter", label: `Open the ${noun}`, group, isOn: canOpen }, () => onOpen?.(false));
  useShortcut({ keys: "mod+enter", label: "Open it in a new tab", group, isOn: canOpen }, () => onOpen?.(true));
}
