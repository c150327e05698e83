import type { LabelSelectorRequirement } from "./objects.ts";
import { MalformedSelectorError, selectorOf, type Selector } from "./selector.ts";

const setRequirement = /^(\S+?)\s+(in|notin)\s*\(([^()]*)\)$/;
const comparison = /^([^\s=!<>]+)\s*(==|=|!=|>|<)\s*(\S*)$/;
const existence = /^(!?)\s*([^\s=!<>()]+)$/;

const operators = { "=": "In", "==": "In", "!=": "NotIn", ">": "Gt", "<": "Lt" } as const;

/**
 * A label selector as one types it: `app=web,tier in (a, b),!canary`. Empty matches everything. Upstream: `labels.Parse`.
 *
 * @throws MalformedSelectorError
 */
export function parseSelectorText(text: string): Selector {
  return selectorOf(parseRequirements(text));
}

/** The requirements of {@link parseSelectorText}, as they stand in objects. @throws MalformedSelectorError */
export function parseRequirements(text: string): readonly LabelSelectorRequirement[] {
  const parts = text.trim() === "" ? [] : text.split(/,(?![^(]*\))/).map((part) => part.trim());
  return parts.map(parseRequirement);
}

function parseRequirement(part: string): LabelSelectorRequirement {
  const set = setRequirement.exec(part);
  if (set?.[1] !== undefined) {
    const values = (set[3] ?? "").split(",").map((value) => value.trim());
    return { key: set[1], operator: set[2] === "in" ? "In" : "NotIn", values };
  }
  const compared = comparison.exec(part);
  if (compared?.[1] !== undefined) {
    const operator = operators[compared[2] as keyof typeof operators];
    return { key: compared[1], operator, values: [compared[3] ?? ""] };
  }
  const exists = existence.exec(part);
  if (exists?.[2] !== undefined) return { key: exists[2], operator: exists[1] === "!" ? "DoesNotExist" : "Exists" };
  throw new MalformedSelectorError(
    `"${part}" is no requirement: expected key=value, key!=value, key in (a, b), key notin (a, b), key or !key`,
  );
}
