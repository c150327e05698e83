"use client";
import { useEffect, useRef, type ReactNode } from "react";
import { flashMs, isFlashed, recentChanges } from "./flash.model.ts";
import styles from "./flash.module.css";

export interface FlashProps {
  /** What it is tinted by: the value that is shown. */
  readonly of: string | number;
  readonly children: ReactNode;
}

/** A value that was just changed is tinted for a moment. With reduced motion a mark stands beside it instead. */
export function Flash({ of, children }: FlashProps) {
  const element = useRef<HTMLSpanElement>(null);
  const last = useRef<{ of: string | number; changes: readonly number[] }>({ of, changes: [] });
  useEffect(() => {
    const { current: span } = element;
    if (span === null || last.current.of === of) return undefined;
    const changes = recentChanges(last.current.changes, performance.now());
    last.current = { of, changes };
    if (!isFlashed(changes)) return undefined;
    span.dataset["changed"] = "";
    const timer = setTimeout(() => delete span.dataset["changed"], flashMs);
    return () => {
      clearTimeout(timer);
      delete span.dataset["changed"];
    };
  }, [of]);
  return (
    <span ref={element} className={styles.flash}>
      {children}
    </span>
  );
}
