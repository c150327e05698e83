"use client";
import dynamic from "next/dynamic";

/** Seldom opened, so it is loaded when it is. */
export const ShortcutSheet = dynamic(() => import("./shortcut-sheet.tsx").then((module) => module.ShortcutSheet), {
  loading: () => null,
});
