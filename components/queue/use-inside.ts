"use client";
import { useEffect, useRef, useState, type FocusEvent } from "react";

/** How long a list stays as it is after pointer and focus have left it. */
const leaveAfterMs = 600;

export interface Inside {
  readonly isInside: boolean;
  readonly handlers: {
    readonly onPointerEnter: () => void;
    readonly onPointerLeave: () => void;
    readonly onFocus: (event: FocusEvent) => void;
    readonly onBlur: (event: FocusEvent) => void;
  };
  /** Lets go at once, although the pointer is still there; coming in again holds again. */
  readonly release: () => void;
}

/**
 * Whether somebody points at a list or moves in it by keys. A focus that a click left behind does not count: the
 * pointer has gone on, and so may the list.
 */
export function useInside(): Inside {
  const [isInside, setIsInside] = useState(false);
  const holds = useRef({ pointer: false, focus: false });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const update = (change: Partial<{ pointer: boolean; focus: boolean }>): void => {
    Object.assign(holds.current, change);
    clearTimeout(timer.current);
    if (holds.current.pointer || holds.current.focus) setIsInside(true);
    else timer.current = setTimeout(() => setIsInside(false), leaveAfterMs);
  };
  return {
    isInside,
    handlers: {
      onPointerEnter: () => update({ pointer: true }),
      onPointerLeave: () => update({ pointer: false }),
      onFocus: (event) => update({ focus: event.target.matches(":focus-visible") }),
      onBlur: (event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) update({ focus: false });
      },
    },
    release: () => {
      clearTimeout(timer.current);
      setIsInside(false);
    },
  };
}
