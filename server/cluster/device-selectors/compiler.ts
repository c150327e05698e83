import { EvaluationError, type ASTNode } from "@marcbachmann/cel-js";
import { parseQuantity, type DeviceAttribute } from "#lib/kube/index.ts";
import type { CompiledSelector, SelectableDevice, SelectorAnswer, SelectorCompiler } from "#lib/scheduler/index.ts";
import { defaulting, deviceEnvironment, hasName, matchesName, NotSupportedError } from "./environment.ts";
import { CelQuantity } from "./quantity.ts";
import { CelSemver } from "./semver.ts";
import { readSelector, type SelectorShape } from "./selector-shape.ts";
import { termOf, type Term, type TermAnswer } from "./terms.ts";

/**
 * Makes selectors of devices ready to be asked. An answer is upstream's or none: where the two evaluators may differ,
 * it is "unknown".
 */
export function deviceSelectorCompiler(): SelectorCompiler {
  const environment = deviceEnvironment();
  return (expression) => {
    try {
      const read = environment.parse(withOwnNames(expression));
      const { valid, type, error } = read.check();
      if (!valid)
        return always({ kind: "unknown", reason: error === undefined ? "its types do not fit" : firstLine(error) });
      if (type !== "bool" && type !== "dyn")
        return always({ kind: "unknown", reason: `it is ${type ?? "unknown"}, expected bool` });
      const shape = readSelector(read.ast);
      const term = termOf(read.ast, environment);
      return (device) => ask(term, shape, device);
    } catch (error) {
      return always({ kind: "unknown", reason: firstLine(error) });
    }
  };
}

function always(answer: SelectorAnswer): CompiledSelector {
  return () => answer;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0] ?? "";
}

/** Text and comments are skipped, the two names replaced where they are called. */
const texts =
  /[rR]?"""[\s\S]*?"""|[rR]?'''[\s\S]*?'''|[rR]"[^"]*"|[rR]'[^']*'|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\/\/[^\n]*/;
const calls = new RegExp(`${texts.source}|\\b(has|matches)(?=\\s*\\()`, "g");

function withOwnNames(expression: string): string {
  return expression.replaceAll(calls, (text: string, name?: string) =>
    name === undefined ? text : name === "has" ? hasName : matchesName,
  );
}

function ask(term: Term, shape: SelectorShape, device: SelectableDevice): SelectorAnswer {
  const answer = answerOf(term, shape, device);
  if ("value" in answer) {
    const { value } = answer;
    if (typeof value === "boolean") return { kind: "answer", isMatch: value };
    return { kind: "unknown", reason: `its answer is ${typeof value}, expected bool` };
  }
  const key = missingKey(answer.error);
  if (key !== undefined && shape.hasUpstreamErrors) return { kind: "error", message: `no such key: ${key}` };
  return { kind: "unknown", reason: firstLine(answer.error) };
}

function answerOf(term: Term, shape: SelectorShape, device: SelectableDevice): TermAnswer {
  try {
    return term({ device: asSeen(device, shape) });
  } catch (error) {
    return { error };
  }
}

/** Of an attribute or a capacity that the device has not. */
function missingKey(error: unknown): string | undefined {
  if (!(error instanceof EvaluationError) || error.code !== "no_such_key") return undefined;
  const [, key] = /^No such key: (.*)$/.exec(error.summary) ?? [];
  return key !== undefined && isOfDomain(error.node) ? key : undefined;
}

/** `device.attributes["domain"].name`, or with a name for what comes before the last. */
function isOfDomain(node: ASTNode | undefined): boolean {
  if (node === undefined || (node.op !== "." && node.op !== "[]")) return false;
  const [map] = node.args;
  if (map.op === "id") return map.args !== "device";
  if (map.op !== "." && map.op !== "[]") return false;
  // Of `device.attributes` itself upstream misses nothing.
  return map.args[0].op !== "id" || map.args[0].args !== "device";
}

type Domains = Map<string, Map<string, unknown>>;

/** As upstream hands it to expressions. @throws NotSupportedError */
function asSeen(
  { driver, allowMultipleAllocations, attributes, capacity }: SelectableDevice,
  shape: SelectorShape,
): unknown {
  const byDomain = <T>(all: Readonly<Record<string, T>>, valueOf: (each: T) => unknown): Domains => {
    const domains: Domains = new Map();
    for (const [name, each] of Object.entries(all)) {
      const at = name.indexOf("/");
      const domain = at < 0 ? driver : name.slice(0, at);
      const values = domains.get(domain) ?? new Map<string, unknown>();
      domains.set(domain, values.set(name.slice(at + 1), valueOf(each)));
    }
    return shape.asksWhichDomains ? domains : withDefault(domains);
  };
  return new Map<string, unknown>([
    ["driver", driver],
    ["allowMultipleAllocations", allowMultipleAllocations],
    ["attributes", byDomain(attributes, valueOfAttribute)],
    ["capacity", byDomain(capacity, (text) => new CelQuantity(parseQuantity(text)))],
  ]);
}

const nothing: ReadonlyMap<string, unknown> = new Map();

/** A map of its own class would be a type of its own to the evaluator. */
function withDefault(domains: Domains): Domains {
  const get = (key: string): unknown => Map.prototype.get.call(domains, key) ?? nothing;
  Object.defineProperty(domains, "get", { value: get });
  defaulting.add(domains);
  return domains;
}

function valueOfAttribute({ string, int, bool, version }: DeviceAttribute): unknown {
  if (int !== undefined) {
    if (!Number.isSafeInteger(int)) throw new NotSupportedError("an attribute is a number beyond 53 bits");
    return BigInt(int);
  }
  if (bool !== undefined) return bool;
  if (string !== undefined) return string;
  if (version === undefined) throw new NotSupportedError("an attribute has no value");
  return new CelSemver(version);
}
