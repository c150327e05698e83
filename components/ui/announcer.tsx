"use client";
import { createContext, useCallback, useContext, useEffect, useRef, useState, type ReactNode } from "react";
import { sayAt } from "./announcer.model.ts";
import { VisuallyHidden } from "./visually-hidden.tsx";

const AnnounceContext = createContext<(message: string) => void>(() => undefined);

/** The one polite live region of the page. */
export function Announcer({ children }: { readonly children: ReactNode }) {
  const [message, setMessage] = useState("");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const saidAt = useRef<number>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const announce = useCallback((next: string) => {
    clearTimeout(timer.current);
    const now = performance.now();
    timer.current = setTimeout(
      () => {
        saidAt.current = performance.now();
        setMessage(next);
      },
      sayAt(now, saidAt.current) - now,
    );
  }, []);

  return (
    <AnnounceContext value={announce}>
      {children}
      <VisuallyHidden>
        <span aria-live="polite" data-testid="announcer">
          {message}
        </span>
      </VisuallyHidden>
    </AnnounceContext>
  );
}

/** Says a sum to assistive technology: connection changes, new critical verdicts, results of the user's own actions. */
export function useAnnounce(): (message: string) => void {
  return useContext(AnnounceContext);
}
