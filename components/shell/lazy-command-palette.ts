"use client";
import dynamic from "next/dynamic";

/** Loaded when it is first opened. */
export const CommandPalette = dynamic(() => import("./command-palette.tsx").then((module) => module.CommandPalette));
