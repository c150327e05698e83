"use client";
import { useCallback, useEffect, useState, type ReactNode } from "react";
import { useShortcut } from "#components/ui/index.ts";
import { CommandPalette } from "./lazy-command-palette.ts";
import { PaletteContext } from "./palette-context.ts";
import { useTypedAhead } from "./use-typed-ahead.ts";

export interface PaletteHostProps {
  readonly cluster: string | undefined;
  readonly children: ReactNode;
}

/** Has the palette, and the keys that open it. */
export function PaletteHost({ cluster, children }: PaletteHostProps) {
  const [isOpen, setOpen] = useState(false);
  const { keep, take } = useTypedAhead();
  const open = useCallback(() => {
    keep();
    setOpen(true);
  }, [keep]);
  useShortcut({ keys: "mod+k", label: "Search, go to, run", group: "Page" }, open);
  useShortcut({ keys: "/", label: "Search, go to, run", group: "Page" }, open);
  // The keys that open it begin with one that says so: it is loaded then, and mostly there in time.
  useEffect(() => {
    const load = (): void => {
      void import("./command-palette.tsx");
    };
    addEventListener("keydown", load, { once: true });
    return () => removeEventListener("keydown", load);
  }, []);
  return (
    <PaletteContext value={open}>
      {children}
      {isOpen && <CommandPalette cluster={cluster} takeTyped={take} onClose={() => setOpen(false)} />}
    </PaletteContext>
  );
}
