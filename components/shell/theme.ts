"use client";
import { useEffect, useSyncExternalStore } from "react";
import { storageKey } from "./theme-script.ts";

export type Theme = "dark" | "light";

const listeners = new Set<() => void>();

function currentTheme(): Theme {
  return document.documentElement.dataset["theme"] === "light" ? "light" : "dark";
}

function show(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function useTheme(): { readonly theme: Theme; readonly toggle: () => void } {
  const theme = useSyncExternalStore(subscribe, currentTheme, () => "dark" as const);
  useEffect(() => {
    const system = matchMedia("(prefers-color-scheme: light)");
    const follow = (): void => {
      if (localStorage.getItem(storageKey) === null) show(system.matches ? "light" : "dark");
    };
    system.addEventListener("change", follow);
    return () => system.removeEventListener("change", follow);
  }, []);
  return {
    theme,
    toggle: () => {
      const next = currentTheme() === "dark" ? "light" : "dark";
      localStorage.setItem(storageKey, next);
      show(next);
    },
  };
}
