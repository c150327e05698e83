"use client";
import { useSyncExternalStore } from "react";
import { Kbd } from "./kbd.tsx";
import { keyCaps } from "./keys.model.ts";

const neverChanges = () => () => undefined;

/** The caps of a binding, with the modifier that this machine's keyboard has. */
export function KeyCaps({ keys }: { readonly keys: string }) {
  const isApple = useSyncExternalStore(
    neverChanges,
    () => navigator.userAgent.includes("Mac"),
    () => false,
  );
  return keyCaps(keys, isApple).map((cap) => <Kbd key={cap}>{cap}</Kbd>);
}
