"use client";
import dynamic from "next/dynamic";

/** Loaded when it is first opened. Meanwhile nothing stands in for it: else the page would be hidden, and lose the focus. */
export const CommandPalette = dynamic(() => import("./command-palette.tsx").then((module) => module.CommandPalette), {
  loading: () => null,
});
