"use client";
import type { ExternalToast } from "sonner";

/** Told when somebody wants to say something: what shows it is loaded, and mounted, then. */
const listeners = new Set<() => void>();
let isWanted = false;
let mounted: (() => void) | undefined;
const isMounted = new Promise<void>((resolve) => (mounted = resolve));

function say(kind: "message" | "error", text: string, options: ExternalToast | undefined): void {
  isWanted = true;
  for (const listener of listeners) listener();
  // What is said before it is mounted would be lost.
  void Promise.all([import("sonner"), isMounted]).then(([{ toast: show }]) => show[kind](text, options));
}

/** Says the result of what somebody did, in a corner of the page. */
export const toast = Object.assign((text: string, options?: ExternalToast): void => say("message", text, options), {
  error: (text: string, options?: ExternalToast): void => say("error", text, options),
});

/** For the one place that shows what is said. */
export const toastStage = {
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  isWanted: (): boolean => isWanted,
  isMounted: (): void => mounted?.(),
};
