"use client";
import dynamic from "next/dynamic";
import type { Peek as PeekState } from "./use-peek.ts";

/** Loaded when it is first opened. */
const PeekPanel = dynamic(() => import("./peek-panel.tsx").then((module) => module.PeekPanel));

/** The panel of the pod that the address names, if it names one. */
export function Peek({ peek: { pod, close } }: { readonly peek: PeekState }) {
  return pod === undefined ? null : <PeekPanel pod={pod} onClose={close} />;
}
