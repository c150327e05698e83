"use client";
import { useEffect, useRef, useState } from "react";

/** After the pointer or the focus has left, what came meanwhile waits this long before it is shown. */
const releaseMs = 600;

/** Holds a list still while somebody is in it. */
export function useHeld<T>(value: T): {
  readonly shown: T;
  readonly isHeld: boolean;
  /** For the element round the list. */
  readonly holding: {
    readonly onPointerEnter: () => void;
    readonly onPointerLeave: () => void;
    readonly onFocus: () => void;
    readonly onBlur: () => void;
  };
  readonly release: () => void;
} {
  const [held, setHeld] = useState<{ readonly value: T } | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const hold = (): void => {
    clearTimeout(timer.current);
    setHeld((before) => before ?? { value });
  };
  const release = (): void => {
    clearTimeout(timer.current);
    setHeld(undefined);
  };
  const releaseSoon = (): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setHeld(undefined), releaseMs);
  };
  return {
    shown: held === undefined ? value : held.value,
    isHeld: held !== undefined,
    holding: { onPointerEnter: hold, onPointerLeave: releaseSoon, onFocus: hold, onBlur: releaseSoon },
    release,
  };
}
