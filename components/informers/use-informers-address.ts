"use client";
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { tailModes } from "./tail.model.ts";

const parsers = {
  /** Key of the informer. */
  resource: parseAsString,
  handler: parseAsInteger,
  tail: parseAsStringLiteral(tailModes),
  /** Number of the line whose object is shown. */
  line: parseAsInteger,
  /** Filter over the list of informers; present while its field is shown. */
  find: parseAsString,
  /** Present while the dialog is open. */
  add: parseAsStringLiteral(["1"]),
};

/** What is looked at: selections are pushed, so Back undoes them. */
export function useInformersAddress() {
  const [address, go] = useQueryStates(parsers, { history: "push" });
  return { address, go };
}
