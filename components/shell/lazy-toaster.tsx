"use client";
import dynamic from "next/dynamic";
import { useSyncExternalStore } from "react";
import { toastStage } from "#components/ui/index.ts";

const Toaster = dynamic(() => import("./toaster.tsx").then((module) => module.Toaster), { ssr: false });

/** Loaded when there is something to say. */
export function LazyToaster() {
  const isWanted = useSyncExternalStore(toastStage.subscribe, toastStage.isWanted, () => false);
  return isWanted ? <Toaster /> : null;
}
