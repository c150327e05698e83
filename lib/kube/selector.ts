import { isLabelValue, isQualifiedName } from "./label-syntax.ts";
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
  if (!isQualifiedName(key)) throw new MalformedSelectorError(`"${key}" is not a label key`);
  const bad = values.find((value) => !isLabelValue(value));
  if (bad !== undefined) throw new MalformedSelectorError(`"${bad}" is not a label value`);
  switch (operator) {
    case "In":
      needs(values.length > 0, "In and NotIn need values");
      return (labels) => {
        const value = labelValue(labels, key);
        return value !== undefined && values.includes(value);
      };
    case "NotIn":
      needs(values.length > 0, "In and NotIn need values");
      return (labels) => {
        const value = labelValue(labels, key);
        return value === undefined || !values.includes(value);
      };
    case "Exists":
      needs(values.length === 0, "Exists and DoesNotExist take no values");
      return (labels) => labelValue(labels, key) !== undefined;
    case "DoesNotExist":
      needs(values.length === 0, "Exists and DoesNotExist take no values");
      return (labels) => labelValue(labels, key) === undefined;
    case "Gt":
      return comparison(key, values, (label, operand) => label > operand);
    case "Lt":
      return comparison(key, values, (label, operand) => label < operand);
    default:
      throw new MalformedSelectorError(`"${operator}" is not a valid selector operator`);
  }
}

function comparison(
  key: string,
  values: readonly string[],
  holds: (label: bigint, operand: bigint) => boolean,
): Requirement {
  const operand = values[0] === undefined ? undefined : parseInt64(values[0]);
  if (values.length !== 1 || operand === undefined)
    throw new MalformedSelectorError("Gt and Lt need exactly one integer");
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

function needs(holds: boolean, message: string): void {
  if (!holds) throw new MalformedSelectorError(message);
}
