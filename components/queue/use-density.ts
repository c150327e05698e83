"use client";
import { useSyncExternalStore } from "react";
import type { Density } from "./geometry.model.ts";

const narrow = "(width < 1024px)";
const wide = "(width >= 1680px)";

function subscribe(onChange: () => void): () => void {
  const queries = [matchMedia(narrow), matchMedia(wide)];
  for (const query of queries) query.addEventListener("change", onChange);
  return () => {
    for (const query of queries) query.removeEventListener("change", onChange);
  };
}

function read(): Density {
  if (matchMedia(narrow).matches) return "narrow";
  return matchMedia(wide).matches ? "wide" : "regular";
}

/** How closely the picture is packed, by the window's width. The prerendered page is the regular one. */
export function useDensity(): Density {
  return useSyncExternalStore(subscribe, read, () => "regular");
}
