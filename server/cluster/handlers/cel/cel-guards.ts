import type { ASTNode } from "@marcbachmann/cel-js";
import { guardName, linearMatchName } from "./cel-environment.ts";
import { CelProblem, positionOf } from "./cel-problem.ts";

const comprehensions: ReadonlySet<string> = new Set(["all", "exists", "exists_one", "existsOne", "filter", "map"]);
/** One inside another, and no more. */
const deepestNesting = 2;

type Call = Extract<ASTNode, { readonly op: "rcall" }>;

/** What an expression is, beyond its text. */
export interface CelAnalysis {
  /** Whether it says `oldObject`: then it is about updates, not about objects. */
  readonly readsOldObject: boolean;
  /** Patterns that stand in it as text, with where. */
  readonly patterns: readonly { readonly pattern: string; readonly node: ASTNode }[];
  /**
   * The same expression with every list that is gone through, and every regular expression, in the hands of functions
   * that keep time. It gives the same answers.
   */
  readonly guarded: string;
}

/** @throws CelProblem for comprehensions that nest too deep */
export function analyse(text: string, root: ASTNode): CelAnalysis {
  const edits: Edit[] = [];
  const patterns: { pattern: string; node: ASTNode }[] = [];
  let readsOldObject = false;
  const visit = (node: ASTNode, nesting: number): void => {
    if (node.op === "id" && node.args === "oldObject") readsOldObject = true;
    const comprehension = comprehensionOf(node);
    const match = matchOf(node);
    if (comprehension !== undefined) {
      if (nesting === deepestNesting) {
        const summary = "comprehensions may nest once, not deeper: all, exists, exists_one, filter, map";
        throw new CelProblem("cel-too-deep", summary, positionOf(text, node.range));
      }
      const { range } = comprehension.args[1];
      edits.push({ at: range.start, cut: 0, put: `${guardName}(` }, { at: range.end, cut: 0, put: ")" });
    } else if (match !== undefined) {
      const [pattern] = match.args[2];
      if (pattern?.op === "value" && typeof pattern.args === "string")
        patterns.push({ pattern: pattern.args, node: pattern });
      edits.push({ at: nameOf(match, text), cut: "matches".length, put: linearMatchName });
    }
    // The receiver of a comprehension is gone through once, not again for each of its items.
    const receiver = comprehension?.args[1];
    const within = comprehension === undefined ? nesting : nesting + 1;
    for (const child of childrenOf(node)) visit(child, child === receiver ? nesting : within);
  };
  visit(root, 0);
  return { readsOldObject, patterns, guarded: edited(text, edits) };
}

/** Whether nothing is gone through, and no pattern tried, but under guard. */
export function isGuarded(root: ASTNode): boolean {
  if (matchOf(root) !== undefined) return false;
  const receiver = comprehensionOf(root)?.args[1];
  if (receiver !== undefined && (receiver.op !== "call" || receiver.args[0] !== guardName)) return false;
  return childrenOf(root).every(isGuarded);
}

interface Edit {
  readonly at: number;
  readonly cut: number;
  readonly put: string;
}

/** From the end, so that places stay; of several at one place the one that was found first stands outermost. */
function edited(text: string, edits: readonly Edit[]): string {
  const sorted = edits.map((edit, order) => ({ ...edit, order })).sort((a, b) => b.at - a.at || b.order - a.order);
  return sorted.reduce((done, { at, cut, put }) => `${done.slice(0, at)}${put}${done.slice(at + cut)}`, text);
}

function comprehensionOf(node: ASTNode): Call | undefined {
  return node.op === "rcall" && comprehensions.has(node.args[0]) && node.args[2].length >= 2 ? node : undefined;
}

function matchOf(node: ASTNode): Call | undefined {
  return node.op === "rcall" && node.args[0] === "matches" ? node : undefined;
}

/** Where the name of a method stands: the last time before its first argument. */
function nameOf({ args: [name, receiver, args] }: Call, text: string): number {
  return text.lastIndexOf(name, args[0]?.range.start ?? receiver.range.end);
}

function childrenOf(node: ASTNode): readonly ASTNode[] {
  const found: ASTNode[] = [];
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(collect);
    else if (isNode(value)) found.push(value);
  };
  collect(node.args);
  return found;
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === "object" && value !== null && "op" in value && "range" in value;
}
