"use client";
import { useEffect, useRef, useState } from "react";

/** After the pointer or the focus has left, what came meanwhile waits this long before it is shown. */
const releaseMs = 600;

export interface Held<T> {
  readonly shown: T;
  readonly isHeld: boolean;
  /** Somebody holds it on purpose: leaving lets nothing go. */
  readonly isPinned: boolean;
  /** For the element round the list. */
  readonly holding: {
    readonly onPointerEnter: () => void;
    readonly onPointerLeave: () => void;
    readonly onFocus: () => void;
    readonly onBlur: () => void;
  };
  readonly release: () => void;
  readonly togglePin: () => void;
}

/** Holds a list still while somebody is in it, or wants it to be. */
export function useHeld<T>(value: T): Held<T> {
  const [held, setHeld] = useState<{ readonly value: T } | undefined>(undefined);
  const [isPinned, setPinned] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const hold = (): void => {
    clearTimeout(timer.current);
    setHeld((before) => before ?? { value });
  };
  const release = (): void => {
    clearTimeout(timer.current);
    setHeld(undefined);
    setPinned(false);
  };
  const releaseSoon = (): void => {
    clearTimeout(timer.current);
    if (!isPinned) timer.current = setTimeout(() => setHeld(undefined), releaseMs);
  };
  return {
    shown: held === undefined ? value : held.value,
    isHeld: held !== undefined,
    isPinned,
    holding: { onPointerEnter: hold, onPointerLeave: releaseSoon, onFocus: hold, onBlur: releaseSoon },
    release,
    togglePin: () => {
      if (isPinned) release();
      else {
        setPinned(true);
        hold();
      }
    },
  };
}
