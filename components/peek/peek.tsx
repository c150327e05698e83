"use client";
import dynamic from "next/dynamic";
import type { Peek as PeekState } from "./use-peek.ts";

/** Loaded when it is first opened. Meanwhile nothing stands in for it: else the page would be hidden, and lose the focus. */
const PeekPanel = dynamic(() => import("./peek-panel.tsx").then((module) => module.PeekPanel), { loading: () => null });

/** The panel of the pod that the address names, if it names one. */
export function Peek({ peek: { pod, close } }: { readonly peek: PeekState }) {
  return pod === undefined ? null : <PeekPanel pod={pod} onClose={close} />;
}
