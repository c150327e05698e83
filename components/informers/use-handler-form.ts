"use client";
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useState } from "react";
import { addableKinds, type HandlerForm } from "./add-handler.model.ts";

const ownerKey = "kube-inflight.owner";

const parsers = {
  for: parseAsString,
  kind: parseAsStringLiteral(addableKinds),
  owner: parseAsString,
  ns: parseAsString,
  sel: parseAsString,
  field: parseAsString,
  cel: parseAsString,
  resync: parseAsInteger,
  delay: parseAsInteger,
  times: parseAsInteger,
};

/** The form in the address. The owner is remembered by the browser. */
export function useHandlerForm() {
  const [address, write] = useQueryStates(parsers, { history: "replace" });
  const [rememberedOwner] = useState(() => localStorage.getItem(ownerKey) ?? "");
  const form: HandlerForm = {
    kind: address.kind ?? "tail",
    owner: address.owner ?? rememberedOwner,
    namespace: address.ns ?? "",
    labelSelector: address.sel ?? "",
    fieldSelector: address.field ?? "",
    cel: address.cel ?? "",
    resyncMs: address.resync ?? 0,
    delayMs: address.delay ?? 25,
    times: address.times ?? 1,
  };
  return {
    form,
    resource: address.for ?? undefined,
    choose: (resource: string) => void write({ for: resource }),
    change: (changed: Partial<HandlerForm>) => {
      const next = { ...form, ...changed };
      void write({
        kind: next.kind,
        owner: next.owner,
        ns: next.namespace === "" ? null : next.namespace,
        sel: next.labelSelector === "" ? null : next.labelSelector,
        field: next.fieldSelector === "" ? null : next.fieldSelector,
        cel: next.cel === "" ? null : next.cel,
        resync: next.resyncMs === 0 ? null : next.resyncMs,
        delay: next.kind === "slow" ? next.delayMs : null,
        times: next.times === 1 ? null : next.times,
      });
    },
    remember: () => localStorage.setItem(ownerKey, form.owner.trim()),
    clear: () => void write(null),
  };
}
