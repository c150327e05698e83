import type { KubeObject } from "#lib/kube/index.ts";

/** The text is no field selector. */
export class FieldSelectorError extends Error {
  override readonly name = "FieldSelectorError";
}

/**
 * A field selector of a handler: terms joined by commas, `path=value`, `path==value` or `path!=value`. A server knows few
 * fields of each kind; this one takes the path of any plain value. What is absent is empty text, and `false` too, which
 * Kubernetes leaves out. A list or an object is no plain value: no term about it holds.
 *
 * @throws FieldSelectorError
 */
export function parseFieldSelector(text: string): (object: KubeObject) => boolean {
  const terms = text
    .split(/(?<!\\),/)
    .filter((term) => term.trim() !== "")
    .map(parseTerm);
  if (terms.length === 0) throw new FieldSelectorError(`${JSON.stringify(text)} has no term: expected path=value`);
  return (object) => terms.every((holds) => holds(object));
}

const termSyntax = /^(?<path>[^=!]+?)\s*(?<operator>!=|==|=)(?<value>.*)$/s;
const pathSyntax = /^[A-Za-z_][\w-]*(?:\.[\w-]+)*$/;

function parseTerm(term: string): (object: KubeObject) => boolean {
  const { path = "", operator, value = "" } = termSyntax.exec(term.trim())?.groups ?? {};
  if (operator === undefined) throw new FieldSelectorError(`${JSON.stringify(term.trim())}: expected path=value`);
  if (!pathSyntax.test(path)) throw new FieldSelectorError(`${JSON.stringify(path)} is no path: expected status.phase`);
  const keys = path.split(".");
  const expected = value.trim().replaceAll(/\\([\\,=])/g, "$1");
  const isEqual = operator !== "!=";
  return (object) => {
    const found = valueAt(object, keys);
    if (typeof found === "object") return false;
    return (textsOf(found) ?? ["", "false"]).includes(expected) === isEqual;
  };
}

function valueAt(object: unknown, keys: readonly string[]): unknown {
  let value = object;
  for (const key of keys) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value ?? undefined;
}

/** How a plain value is written in a selector; `undefined` for one that is absent. */
function textsOf(value: unknown): readonly string[] | undefined {
  if (typeof value === "string") return [value];
  return typeof value === "number" || typeof value === "boolean" ? [String(value)] : undefined;
}
