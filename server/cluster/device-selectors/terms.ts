import type { ASTNode, Environment, ParseResult } from "@marcbachmann/cel-js";
import { childrenOf } from "./selector-shape.ts";

/** What one part of an expression comes to. */
export type TermAnswer = { readonly value: unknown } | { readonly error: unknown };

export type Term = (variables: Record<string, unknown>) => TermAnswer;

/**
 * An expression in the parts that `&&` and `||` join. Upstream and our evaluator agree on every answer of these two, but
 * not on the error if both sides have one: upstream's is the first.
 *
 * @param node of a text that the environment has read
 */
export function termOf(node: ASTNode, environment: Environment): Term {
  return joined(node, environment, (text) => text);
}

function joined(node: ASTNode, environment: Environment, within: (text: string) => string): Term {
  if (node.op === "&&" || node.op === "||") {
    const [left, right] = node.args.map((side) => joined(side, environment, within));
    const deciding = node.op === "||";
    if (left !== undefined && right !== undefined)
      return (variables) => eitherOf(left(variables), () => right(variables), deciding);
  }
  if (node.op === "rcall" && node.args[0] === "bind") {
    const [name, value, body] = node.args[2];
    if (name !== undefined && value !== undefined && body !== undefined) {
      const bound = `cel.bind(${textOf(name)}, ${textOf(value)}, `;
      return joined(body, environment, (text) => within(`${bound}${text})`));
    }
  }
  return single(environment.parse(within(textOf(node))));
}

function textOf({ input, range }: ASTNode): string {
  return input.slice(range.start, range.end);
}

/** @param deciding the value that settles the matter, whatever the other side is */
function eitherOf(left: TermAnswer, right: () => TermAnswer, deciding: boolean): TermAnswer {
  if ("value" in left && left.value === deciding) return left;
  const other = right();
  if ("value" in other && other.value === deciding) return other;
  const failed = [left, other].find((side) => "error" in side || typeof side.value !== "boolean");
  if (failed === undefined) return { value: !deciding };
  return "error" in failed ? failed : { error: new TypeError("one side is neither true nor false") };
}

function single(run: ParseResult): Term {
  const isAmbiguous = hasJoints(run.ast);
  return (variables) => {
    try {
      return { value: run(variables) as unknown };
    } catch (error) {
      // Which of several errors upstream would give is not known there.
      return { error: isAmbiguous ? new Error("one of its parts cannot be evaluated") : error };
    }
  };
}

function hasJoints(node: ASTNode): boolean {
  return node.op === "&&" || node.op === "||" || childrenOf(node).some(hasJoints);
}
