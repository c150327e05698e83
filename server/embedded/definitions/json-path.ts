import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import { isJsonObject, isList, isSameJson } from "../storage/api-object.ts";

type Step =
  | { readonly kind: "member"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "all" }
  | { readonly kind: "where"; readonly path: readonly Step[]; readonly isEqual: boolean; readonly value: JsonValue };

/** Reads the first value at a path such as `.status.conditions[?(@.type=="Ready")].status`. */
export type JsonPath = (object: JsonObject) => JsonValue | undefined;

const token =
  /\.((?:\\.|[^.[\]\\])+)|\[(?:'([^']*)'|"([^"]*)"|(-?\d+)|(\*)|\?\(\s*@(.*?)\s*(==|!=)\s*("[^"]*"|'[^']*'|[\w.-]+)\s*\))\]/uy;

/** `undefined` for what is not a simple path: unions, slices, and recursion are not. */
export function parseJsonPath(text: string): JsonPath | undefined {
  const steps = parseSteps(text);
  return steps === undefined ? undefined : (object) => valuesAt([object], steps)[0];
}

function parseSteps(text: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  token.lastIndex = 0;
  // Filters are parsed by a call of their own, which moves the place in the pattern: keep it here.
  for (let position = 0; position < text.length;) {
    token.lastIndex = position;
    const match = token.exec(text);
    if (match === null) return undefined;
    position = token.lastIndex;
    const step = stepOf(match);
    if (step === undefined) return undefined;
    steps.push(step);
  }
  return steps;
}

function stepOf(match: RegExpExecArray): Step | undefined {
  const [, plain, single, double, index, star, where, operator, literal] = match;
  const name = plain?.replaceAll(/\\(.)/g, "$1") ?? single ?? double;
  if (name !== undefined) return { kind: "member", name };
  if (index !== undefined) return { kind: "index", index: Number(index) };
  if (star !== undefined) return { kind: "all" };
  const path = parseSteps(where ?? "");
  if (path === undefined || literal === undefined) return undefined;
  return { kind: "where", path, isEqual: operator === "==", value: parseLiteral(literal) };
}

function parseLiteral(text: string): JsonValue {
  if (/^["']/.test(text)) return text.slice(1, -1);
  if (text === "true" || text === "false") return text === "true";
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

function valuesAt(values: readonly JsonValue[], steps: readonly Step[]): readonly JsonValue[] {
  return steps.reduce((found, step) => found.flatMap((value) => taken(value, step)), values);
}

function taken(value: JsonValue, step: Step): readonly JsonValue[] {
  switch (step.kind) {
    case "member": {
      const member = isJsonObject(value) && Object.hasOwn(value, step.name) ? value[step.name] : undefined;
      return member === undefined ? [] : [member];
    }
    case "index": {
      const item = isList(value) ? value.at(step.index) : undefined;
      return item === undefined ? [] : [item];
    }
    case "all":
      return isList(value) ? value : [];
    case "where": {
      if (!isList(value)) return [];
      return value.filter((item) => isSameJson(valuesAt([item], step.path)[0], step.value) === step.isEqual);
    }
    default:
      return assertNever(step);
  }
}

function assertNever(step: never): never {
  throw new Error(`a step of no known kind: ${JSON.stringify(step)}`);
}
