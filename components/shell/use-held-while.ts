"use client";
import { useState } from "react";

/** A live value that stands still while the key does; it moves with it, and once more when it grows out of nothing. */
export function useHeldWhile<T extends { readonly items: readonly unknown[] }>(live: T, key: string): T {
  const [held, setHeld] = useState({ key, value: live });
  const isNew = held.key !== key || held.value.items.length * 2 < live.items.length;
  if (isNew) setHeld({ key, value: live });
  return isNew ? live : held.value;
}
