"use client";
import { useCallback, useState, type ReactNode } from "react";
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
  return (
    <PaletteContext value={open}>
      {children}
      {isOpen && <CommandPalette cluster={cluster} onClose={() => setOpen(false)} />}
    </PaletteContext>
  );
}
