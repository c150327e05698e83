import type { StringMap } from "../storage/api-object.ts";
import { badRequest } from "./status.ts";

/** A label selector as it stands in a query string, parsed. Upstream: `labels.Parse` and `Requirement.Matches`. */
export type LabelMatcher = (labels: StringMap | undefined) => boolean;

const key = String.raw`[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?`;
const value = String.raw`(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?`;
const setRequirement = new RegExp(String.raw`^(${key})\s+(in|notin)\s*\(([^()]*)\)$`);
const comparison = new RegExp(String.raw`^(${key})\s*(==|=|!=|>|<)\s*(${value})$`);
const existence = new RegExp(String.raw`^(!?)\s*(${key})$`);

/** `undefined` for a selector that selects everything. */
export function parseLabelSelector(text: string): LabelMatcher | undefined {
  if (text.trim() === "") return undefined;
  const matchers = requirements(text).map((requirement) => parseRequirement(requirement, text));
  return (labels) => matchers.every((matches) => matches(labels));
}

/** Splits at the commas that are not inside parentheses. */
function requirements(text: string): readonly string[] {
  return text.split(/,(?![^(]*\))/).map((part) => part.trim());
}

function parseRequirement(requirement: string, whole: string): LabelMatcher {
  const set = setRequirement.exec(requirement);
  if (set !== null) return matchSet(set[1] ?? "", set[2] === "in", (set[3] ?? "").split(","));
  const compared = comparison.exec(requirement);
  if (compared !== null) return matchComparison(compared[1] ?? "", compared[2] ?? "", compared[3] ?? "", whole);
  const exists = existence.exec(requirement);
  if (exists === null) throw unparsable(whole, `found "${requirement}", expected a requirement`);
  const wanted = exists[1] === "";
  return (labels) => (labels?.[exists[2] ?? ""] !== undefined) === wanted;
}

function matchSet(name: string, wanted: boolean, listed: readonly string[]): LabelMatcher {
  const values = new Set(listed.map((item) => item.trim()));
  return (labels) => {
    const label = labels?.[name];
    return label === undefined ? !wanted : values.has(label) === wanted;
  };
}

function matchComparison(name: string, operator: string, wanted: string, whole: string): LabelMatcher {
  if (operator === "!=") return (labels) => labels?.[name] !== wanted;
  if (operator !== ">" && operator !== "<") return (labels) => labels?.[name] === wanted;
  if (!/^-?\d+$/.test(wanted)) throw unparsable(whole, `"${wanted}" is not an integer`);
  const bound = Number(wanted);
  return (labels) => {
    const label = labels?.[name];
    if (label === undefined || !/^-?\d+$/.test(label)) return false;
    return operator === ">" ? Number(label) > bound : Number(label) < bound;
  };
}

function unparsable(text: string, why: string): Error {
  return badRequest(`unable to parse requirement: label selector ${JSON.stringify(text)}: ${why}`);
}
