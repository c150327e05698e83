import {
  isLabelValue,
  isQualifiedName,
  MalformedSelectorError,
  parseQuantity,
  parseRequirements,
  selectorOf,
  type LabelSelectorRequirement,
  type NodeSelector,
  type NodeSelectorTerm,
  type Toleration,
} from "#lib/kube/index.ts";
import type { WhatIf } from "#lib/protocol/index.ts";

const effects: readonly string[] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
/** Before a requirement on the fields of a node. */
const fieldMark = "@";
const mostShown = 80;

/** What was typed, read; or what is wrong with it, by field. */
export type ReadWhatIf =
  | { readonly problems: Readonly<Record<string, string>> }
  | {
      readonly requests: Readonly<Record<string, string>> | undefined;
      readonly tolerations: readonly Toleration[] | undefined;
      readonly nodeSelector: Readonly<Record<string, string>> | undefined;
      readonly nodeAffinity: NodeSelector | undefined;
    };

class NotReadError extends Error {
  override readonly name = "NotReadError";
}

export function readWhatIf({ requests, tolerations, nodeSelector, nodeAffinity }: WhatIf): ReadWhatIf {
  const problems: Record<string, string> = {};
  const read = <T>(field: string, text: string | undefined, parse: (text: string) => T): T | undefined => {
    if (text === undefined) return undefined;
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof NotReadError || error instanceof MalformedSelectorError)) throw error;
      problems[field] = error.message;
      return undefined;
    }
  };
  for (const [resource, text] of Object.entries(requests ?? {})) read(`requests.${resource}`, text, parseAmount);
  const parsed = {
    requests,
    tolerations: read("tolerations", tolerations, (text) => linesOf(text).map(parseToleration)),
    nodeSelector: read("nodeSelector", nodeSelector, parseNodeSelectorText),
    nodeAffinity: read("nodeAffinity", nodeAffinity, parseAffinity),
  };
  return Object.keys(problems).length === 0 ? parsed : { problems };
}

/** What is required of nodes, as it is typed: a term to a line. */
export function affinityText({ nodeSelectorTerms }: NodeSelector): string {
  return (nodeSelectorTerms ?? [])
    .map(({ matchExpressions = [], matchFields = [] }) =>
      [
        ...matchExpressions.map(requirementText),
        ...matchFields.map((field) => `${fieldMark}${requirementText(field)}`),
      ].join(", "),
    )
    .join("\n");
}

function requirementText({ key, operator, values = [] }: LabelSelectorRequirement): string {
  switch (operator) {
    case "In":
      return values.length === 1 ? `${key}=${values.join("")}` : `${key} in (${values.join(", ")})`;
    case "NotIn":
      return values.length === 1 ? `${key}!=${values.join("")}` : `${key} notin (${values.join(", ")})`;
    case "Exists":
      return key;
    case "DoesNotExist":
      return `!${key}`;
    default:
      return `${key}${operator === "Gt" ? ">" : "<"}${values.join("")}`;
  }
}

function parseAmount(text: string): void {
  let amount: bigint;
  try {
    amount = parseQuantity(text.trim());
  } catch {
    throw new NotReadError(`${shown(text)} is not a quantity: expected 500m, 2 or 4Gi`);
  }
  if (amount < 0n) throw new NotReadError(`${shown(text)} is less than nothing`);
}

/** As `kubectl taint` writes them. Nothing before the colon tolerates every key. */
function parseToleration(line: string): Toleration {
  const colon = line.lastIndexOf(":");
  const [what, effect] = colon < 0 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 1)];
  const equals = what.indexOf("=");
  const key = equals < 0 ? what : what.slice(0, equals);
  const value = equals < 0 ? undefined : what.slice(equals + 1);
  const expected = "expected key=value:Effect, key:Effect or key";
  if (effect !== "" && !effects.includes(effect))
    throw new NotReadError(`${shown(effect)} is no effect: expected ${effects.join(", ")}`);
  if ((key !== "" && !isQualifiedName(key)) || (key === "" && value !== undefined))
    throw new NotReadError(`${shown(line)} has no key of a taint: ${expected}`);
  if (value !== undefined && !isLabelValue(value))
    throw new NotReadError(`${shown(value)} is no value of a taint: ${expected}`);
  return {
    ...(key === "" ? {} : { key }),
    ...(value === undefined ? { operator: "Exists" } : { operator: "Equal", value }),
    ...(effect === "" ? {} : { effect }),
  };
}

function parseNodeSelectorText(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    linesOf(text).map((line) => {
      const equals = line.indexOf("=");
      const [key, value] = equals < 0 ? [line, undefined] : [line.slice(0, equals), line.slice(equals + 1)];
      if (!isQualifiedName(key) || value === undefined || !isLabelValue(value))
        throw new NotReadError(`${shown(line)} is no label: expected key=value`);
      return [key, value];
    }),
  );
}

function parseAffinity(text: string): NodeSelector {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return { nodeSelectorTerms: lines.map(parseTerm) };
}

function parseTerm(line: string): NodeSelectorTerm {
  const all = parseRequirements(line);
  const matchExpressions = all.filter(({ key }) => !key.startsWith(fieldMark));
  const matchFields = all
    .filter(({ key }) => key.startsWith(fieldMark))
    .map((field) => ({ ...field, key: field.key.slice(fieldMark.length) }));
  selectorOf(matchExpressions); // throws for a key, a value or a number that is none
  return { matchExpressions, matchFields };
}

function linesOf(text: string): readonly string[] {
  return text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function shown(text: string): string {
  return JSON.stringify(text.length > mostShown ? `${text.slice(0, mostShown)}…` : text);
}
