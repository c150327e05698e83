import { isLabelValue, isQualifiedName, notLabelValue, notQualified } from "./label-syntax.ts";
import type { LabelSelector, LabelSelectorRequirement } from "./objects.ts";

export type Labels = Readonly<Record<string, string>>;

/** A requirement that can never be evaluated. The API server refuses most of them, but not in every place. */
export class MalformedSelectorError extends Error {
  override readonly name = "MalformedSelectorError";
}

/** A selector made ready for many objects. All its requirements are ANDed. */
export interface Selector {
  /** It has no requirement: it matches everything. */
  readonly isEmpty: boolean;
  /** It can match nothing at all: a selector that was absent. */
  readonly isNothing: boolean;
  matches(labels: Labels | undefined): boolean;
}

type Requirement = (labels: Labels) => boolean;

const noLabels: Labels = {};

/** The value of a label. Not `labels[key]`, which also finds what every object inherits ("constructor" is a label key). */
export function labelValue(labels: Labels | undefined, key: string): string | undefined {
  return labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
}

export const matchNothing: Selector = { isEmpty: false, isNothing: true, matches: () => false };
const matchEverything: Selector = { isEmpty: true, isNothing: false, matches: () => true };

/**
 * Absent matches nothing, `{}` everything. Upstream: `metav1.LabelSelectorAsSelector`.
 *
 * @throws MalformedSelectorError
 */
export function parseLabelSelector(selector: LabelSelector | undefined): Selector {
  if (selector === undefined) return matchNothing;
  const equalities = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({
    key,
    operator: "In",
    values: [value],
  }));
  const requirements = [...equalities, ...(selector.matchExpressions ?? [])];
  for (const { operator } of requirements) {
    if (!setOperators.has(operator))
      throw new MalformedSelectorError(`"${operator}" is not a valid label selector operator`);
  }
  return selectorOf(requirements);
}

const setOperators: ReadonlySet<string> = new Set(["In", "NotIn", "Exists", "DoesNotExist"]);

/**
 * Requirements as node selector terms have them: besides sets also `Gt` and `Lt`. Upstream: `labels.NewRequirement`.
 *
 * @throws MalformedSelectorError
 */
export function selectorOf(requirements: readonly LabelSelectorRequirement[]): Selector {
  if (requirements.length === 0) return matchEverything;
  const parsed = requirements.map(parseRequirement);
  return {
    isEmpty: false,
    isNothing: false,
    matches: (labels = noLabels) => parsed.every((requirement) => requirement(labels)),
  };
}

/** Both selectors. One that matches nothing stays so. */
export function bothOf(a: Selector, b: Selector): Selector {
  if (a.isNothing || b.isEmpty) return a;
  if (b.isNothing || a.isEmpty) return b;
  return { isEmpty: false, isNothing: false, matches: (labels) => a.matches(labels) && b.matches(labels) };
}

function parseRequirement({ key, operator, values = [] }: LabelSelectorRequirement): Requirement {
  const problems = problemsOf({ key, operator, values });
  if (problems.length > 0) {
    const [first = "", ...others] = new Set(problems);
    throw new MalformedSelectorError(others.length === 0 ? first : `[${[first, ...others].join(", ")}]`);
  }
  switch (operator) {
    case "In":
      return (labels) => {
        const value = labelValue(labels, key);
        return value !== undefined && values.includes(value);
      };
    case "NotIn":
      return (labels) => {
        const value = labelValue(labels, key);
        return value === undefined || !values.includes(value);
      };
    case "Exists":
      return (labels) => labelValue(labels, key) !== undefined;
    case "DoesNotExist":
      return (labels) => labelValue(labels, key) === undefined;
    case "Gt":
      return comparison(key, values, (label, operand) => label > operand);
    case "Lt":
      return comparison(key, values, (label, operand) => label < operand);
    default:
      throw new MalformedSelectorError(`"${operator}" is not a valid selector operator`);
  }
}

/** In the words of upstream, which end up in conditions. */
function problemsOf({ key, operator, values }: Required<LabelSelectorRequirement>): readonly string[] {
  const problems: string[] = [];
  const invalid = (field: string, value: unknown, why: string): void =>
    void problems.push(`${field}: Invalid value: ${JSON.stringify(value)}: ${why}`);
  if (!isQualifiedName(key)) invalid("key", key, notQualified);
  if ((operator === "In" || operator === "NotIn") && values.length === 0)
    invalid("values", null, "for 'in', 'notin' operators, values set can't be empty");
  if ((operator === "Exists" || operator === "DoesNotExist") && values.length > 0)
    invalid("values", values, "values set must be empty for exists and does not exist");
  if (operator === "Gt" || operator === "Lt") {
    if (values.length !== 1) invalid("values", values, "for 'Gt', 'Lt' operators, exactly one value is required");
    for (const [index, value] of values.entries())
      if (parseInt64(value) === undefined)
        invalid(`values[${index}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer");
  }
  for (const [index, value] of values.entries())
    if (!isLabelValue(value)) invalid(`values[${index}][${key}]`, value, notLabelValue);
  return problems;
}

function comparison(
  key: string,
  values: readonly string[],
  holds: (label: bigint, operand: bigint) => boolean,
): Requirement {
  const operand = parseInt64(values[0] ?? "") ?? 0n;
  return (labels) => {
    const value = labelValue(labels, key);
    const label = value === undefined ? undefined : parseInt64(value);
    return label !== undefined && holds(label, operand);
  };
}

/** Upstream: `strconv.ParseInt(text, 10, 64)`. */
function parseInt64(text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ""));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}
