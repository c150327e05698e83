"use client";
import { useEffect, useRef, useState, type FocusEvent } from "react";

/** How long a list stays as it is after pointer and focus have left it. */
const leaveAfterMs = 600;

export interface Inside {
  readonly isInside: boolean;
  /** Somebody holds it on purpose: leaving lets nothing go. */
  readonly isPinned: boolean;
  /** For the element round the list. */
  readonly handlers: {
    readonly onPointerEnter: () => void;
    readonly onPointerLeave: () => void;
    readonly onFocus: (event: FocusEvent) => void;
    readonly onBlur: (event: FocusEvent) => void;
  };
  /** Lets go at once, although the pointer is still there; coming in again holds again. */
  readonly release: () => void;
  readonly togglePin: () => void;
}

/**
 * Whether somebody points at a list, moves in it by keys, or has pinned it. A focus that a click left behind does not
 * count: the pointer has gone on, and so may the list.
 */
export function useInside(): Inside {
  const [isInside, setIsInside] = useState(false);
  const [isPinned, setPinned] = useState(false);
  const holds = useRef({ pointer: false, focus: false });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const update = (change: Partial<{ pointer: boolean; focus: boolean }>): void => {
    Object.assign(holds.current, change);
    clearTimeout(timer.current);
    if (holds.current.pointer || holds.current.focus) setIsInside(true);
    else timer.current = setTimeout(() => setIsInside(false), leaveAfterMs);
  };
  const release = (): void => {
    clearTimeout(timer.current);
    setIsInside(false);
    setPinned(false);
  };
  return {
    isInside: isInside || isPinned,
    isPinned,
    handlers: {
      onPointerEnter: () => update({ pointer: true }),
      onPointerLeave: () => update({ pointer: false }),
      onFocus: (event) => update({ focus: event.target.matches(":focus-visible") }),
      onBlur: (event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) update({ focus: false });
      },
    },
    release,
    togglePin: isPinned ? release : () => setPinned(true),
  };
}
