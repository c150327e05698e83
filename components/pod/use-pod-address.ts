"use client";
import { parseAsArrayOf, parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";

const parsers = {
  ns: parseAsString.withDefault(""),
  name: parseAsString.withDefault(""),
  uid: parseAsString,
  group: parseAsStringLiteral(["pool", "zone", "reason"] as const),
  expand: parseAsArrayOf(parseAsString).withDefault([]),
  t: parseAsStringLiteral(["all", "5m", "1m"] as const).withDefault("all"),
  attempt: parseAsInteger,
};

/** Which pod, and what of it is looked at. */
export function usePodAddress() {
  const [address, set] = useQueryStates(parsers, { history: "replace", scroll: false });
  return { address, set };
}

export type PodAddress = ReturnType<typeof usePodAddress>["address"];
