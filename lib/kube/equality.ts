/**
 * Whether two pieces of an object mean the same: absent and empty are one, keys have no order, elements have.
 * Upstream: `equality.Semantic.DeepEqual`.
 */
export function semanticallyEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isEmpty(a) || isEmpty(b)) return isEmpty(a) && isEmpty(b);
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && equalElements(a, b);
  return equalFields(a as Fields, b as Fields);
}

type Fields = Readonly<Record<string, unknown>>;

function equalElements(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((element, index) => semanticallyEqual(element, b[index]));
}

function equalFields(a: Fields, b: Fields): boolean {
  for (const key in a) if (!hasEqual(b, key, a[key])) return false;
  for (const key in b) if (!(key in a) && !isEmpty(b[key])) return false;
  return true;
}

/** A present empty string is something else than an absent key: `{a: ""}` and `{}` are different labels. */
function hasEqual(other: Fields, key: string, value: unknown): boolean {
  return semanticallyEqual(value, other[key]);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value !== "object") return false;
  for (const _ in value) return false;
  return true;
}
