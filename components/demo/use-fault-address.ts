"use client";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { limitChoices, verbChoices, type FaultChoice } from "./fault-choice.model.ts";

const parsers = {
  resource: parseAsString,
  verbs: parseAsStringLiteral(verbChoices).withDefault("both"),
  limit: parseAsStringLiteral(limitChoices).withDefault("on"),
  /** Which one the palette pointed at. It is not switched on by that. */
  fault: parseAsString,
};

/** What is chosen stands in the address. */
export function useFaultAddress(): {
  readonly choice: FaultChoice;
  /** The resource "" is all of them. */
  readonly setChoice: (change: Partial<FaultChoice>) => void;
  readonly pointedAt: string | undefined;
} {
  const [{ resource, verbs, limit, fault }, set] = useQueryStates(parsers);
  return {
    choice: { resource: resource ?? undefined, verbs, limit },
    setChoice: ({ resource: chosen, ...rest }) =>
      void set({ ...rest, ...(chosen === undefined ? {} : { resource: chosen === "" ? null : chosen }) }),
    pointedAt: fault ?? undefined,
  };
}
