"use client";
import { useCallback, useEffect, useState, type ReactNode } from "react";
import { useShortcut } from "#components/ui/index.ts";
import { CommandPalette } from "./lazy-command-palette.ts";
import { PaletteContext } from "./palette-context.ts";

export interface PaletteHostProps {
  readonly cluster: string | undefined;
  readonly children: ReactNode;
}

/** Has the palette, and the keys that open it. */
export function PaletteHost({ cluster, children }: PaletteHostProps) {
  const [isOpen, setOpen] = useState(false);
  const open = useCallback(() => setOpen(true), []);
  useShortcut({ keys: "mod+k", label: "Search, go to, run", group: "Page" }, open);
  useShortcut({ keys: "/", label: "Search, go to, run", group: "Page" }, open);
  // The keys that open it begin with one that says so: it is loaded then, and nothing that is typed next is lost.
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
      {isOpen && <CommandPalette cluster={cluster} onClose={() => setOpen(false)} />}
    </PaletteContext>
  );
}
