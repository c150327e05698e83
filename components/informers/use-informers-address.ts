"use client";
import { parseAsBoolean, parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { tailModes } from "./tail.model.ts";

const parsers = {
  /** Key of the informer. */
  resource: parseAsString,
  handler: parseAsInteger,
  tail: parseAsStringLiteral(tailModes),
  add: parseAsBoolean,
};

/** What is looked at: selections are pushed, so Back undoes them. */
export function useInformersAddress() {
  const [address, go] = useQueryStates(parsers, { history: "push", urlKeys: {} });
  return { address, go };
}
