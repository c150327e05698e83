import type { ASTNode } from "@marcbachmann/cel-js";

/** What an expression is made of, as far as the two evaluators differ. */
export interface SelectorShape {
  /** It asks which domains there are: then a domain that is not there must not look as if it were. */
  readonly asksWhichDomains: boolean;
  /** An error is the one that upstream has. */
  readonly hasUpstreamErrors: boolean;
}

const comprehensions: ReadonlySet<string> = new Set(["all", "exists", "exists_one", "existsOne", "filter", "map"]);

export function readSelector(root: ASTNode): SelectorShape {
  let asksWhichDomains = false;
  let goesThroughLists = false;
  const visit = (node: ASTNode): void => {
    if (node.op === "in" && isDomains(node.args[1])) asksWhichDomains = true;
    // Upstream goes on after an error there, in the hope of an answer that does not need it.
    if (node.op === "rcall" && comprehensions.has(node.args[0])) goesThroughLists = true;
    for (const child of childrenOf(node)) visit(child);
  };
  visit(root);
  return { asksWhichDomains, hasUpstreamErrors: !goesThroughLists };
}

/** `device.attributes`, `device.capacity`, or a name that may stand for one of them. */
function isDomains(node: ASTNode): boolean {
  if (node.op === "id") return true;
  return node.op === "." && node.args[0].op === "id" && node.args[0].args === "device";
}

export function childrenOf({ args }: ASTNode): readonly ASTNode[] {
  const found: ASTNode[] = [];
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(collect);
    else if (isNode(value)) found.push(value);
  };
  collect(args);
  return found;
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === "object" && value !== null && "op" in value && "range" in value;
}
