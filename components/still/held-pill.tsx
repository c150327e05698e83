"use client";
import type { ReactNode } from "react";
import { classNames, formatPlural, useAnnounce, useShortcut } from "#components/ui/index.ts";
import styles from "./held-pill.module.css";

export interface HeldPillProps {
  readonly changes: number;
  /** The page, in the sheet of the shortcuts. */
  readonly group: string;
  readonly onShow: () => void;
  /** It stands in a header, which has room for it, and not over the rows. */
  readonly isInHeader?: boolean;
  /** In place of "12 changes, show". */
  readonly children?: ReactNode;
}

/** Says what waits behind a list that is held still. It lies over the list and takes no room from it. */
export function HeldPill({ changes, group, onShow, isInHeader = false, children }: HeldPillProps) {
  const announce = useAnnounce();
  const keys = { keys: "shift+l", label: "Say how many changes wait", group };
  useShortcut(keys, () => announce("No changes wait."));
  // Of several lists on a page the one with changes answers: what was bound last wins.
  useShortcut({ ...keys, isOn: changes > 0 }, () => announce(`${formatPlural(changes, "change")} not shown yet.`));
  if (changes === 0 && children === undefined) return null;
  return (
    <button
      type="button"
      className={classNames(styles.pill, !isInHeader && styles.over)}
      data-testid="held-changes"
      onClick={onShow}
    >
      {children ?? `${formatPlural(changes, "change")}, show`}
    </button>
  );
}
