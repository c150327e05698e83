import { Environment, type ASTNode } from "@marcbachmann/cel-js";
import { LinearRegExps } from "../handlers/cel/linear-regexp.ts";
import { withQuantities } from "./quantity.ts";
import { withSemvers } from "./semver.ts";

/** Names of our own: the evaluator's `has` wants plain names, and its `matches` may backtrack. */
export const hasName = "hasField__";
export const matchesName = "matchesLinear__";

const limits = { maxAstNodes: 2_000, maxDepth: 64 };

/** What cannot be told: it ends the evaluation. */
export class NotSupportedError extends Error {
  override readonly name = "NotSupportedError";
}

/** Maps that have an empty map for every key that is not there, as upstream's attributes and capacities by domain. */
export const defaulting = new WeakSet<object>();

/** What a selector of devices may name. Upstream: `dynamic-resource-allocation/cel` and the API server's libraries. */
export function deviceEnvironment(): Environment {
  const regExps = new LinearRegExps();
  const environment = new Environment({ homogeneousAggregateLiterals: false, enableOptionalTypes: true, limits })
    .registerVariable("device", "dyn")
    .registerFunction(`string.${matchesName}(string): bool`, (text: string, pattern: string) => {
      if (!isPlainPattern(pattern)) throw new NotSupportedError(`the pattern ${pattern} may mean something else there`);
      return regExps.test(text, pattern);
    })
    .registerFunction(`${hasName}(ast): bool`, hasMacro);
  return withSemvers(withQuantities(environment));
}

interface Checker {
  check(node: ASTNode, context: unknown): unknown;
  getType(name: string): unknown;
}

interface Evaluator {
  run(node: ASTNode, context: unknown): unknown;
}

/** Whether the map before the last point has what stands behind it. */
function hasMacro({ args: [field] }: { readonly args: readonly (ASTNode | undefined)[] }): object {
  if (field?.op !== ".") throw new NotSupportedError("has() is asked of something else than an attribute");
  const [map, name] = field.args;
  return {
    async: false,
    typeCheck: (checker: Checker, _macro: unknown, context: unknown) => {
      checker.check(map, context);
      return checker.getType("bool");
    },
    evaluate: (evaluator: Evaluator, _macro: unknown, context: unknown) => {
      const found = evaluator.run(map, context);
      if (found instanceof Map && !defaulting.has(found)) return found.has(name);
      throw new NotSupportedError("has() is asked of something else than an attribute");
    },
  };
}

/** Means the same in RE2 and here: no flags, no classes by name, no escapes that only one of them knows. */
function isPlainPattern(pattern: string): boolean {
  if (/\(\?(?!:)|\[\[:|\[\^?\]/.test(pattern)) return false;
  return !/\\[^dDwWbBnrt.\-/\\^$*+?()[\]{}|]/.test(pattern);
}
