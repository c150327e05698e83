/** Where two JSON values first differ, in words; `undefined` where they are equal. */
export function firstDifference(expected: unknown, actual: unknown, path = ""): string | undefined {
  if (expected === actual) return undefined;
  if (!isStructure(expected) || !isStructure(actual) || Array.isArray(expected) !== Array.isArray(actual)) {
    return `${path === "" ? "value" : path}: expected ${show(expected)}, got ${show(actual)}`;
  }
  for (const name of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const place = Array.isArray(expected) ? `${path}[${name}]` : `${path}${path === "" ? "" : "."}${name}`;
    const difference = firstDifference(expected[name], actual[name], place);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

type Structure = Readonly<Record<string, unknown>>;

function isStructure(value: unknown): value is Structure {
  return typeof value === "object" && value !== null;
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
