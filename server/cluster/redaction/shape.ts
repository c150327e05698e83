/**
 * Which fields of a T survive. `keep` is everything below, `presence` that there is something. Every field of T has to
 * be named, so that one that is added to T is a compile error here instead of a field that is silently missing.
 */
export type Shape<T> =
  | "keep"
  | "presence"
  | (T extends readonly (infer Element)[]
      ? { readonly each: Shape<Element> }
      : T extends object
        ? { readonly [Key in keyof Required<T>]: Shape<NonNullable<T[Key]>> }
        : never);

/** A shape as it is walked. */
type Rule = "keep" | "presence" | { readonly [key: string]: Rule };

/** A copy with only what the shape names. Fields that are absent stay absent. */
export function project<T>(value: T, shape: Shape<T>): T {
  return projected(value, shape) as T;
}

function projected(value: unknown, rule: Rule): unknown {
  if (rule === "keep" || typeof value !== "object" || value === null) return value;
  if (rule === "presence") return {};
  const each = rule["each"];
  if (Array.isArray(value)) {
    return each === undefined ? [] : (value as readonly unknown[]).map((element) => projected(element, each));
  }
  const fields = value as Readonly<Record<string, unknown>>;
  const kept: Record<string, unknown> = {};
  for (const key in rule) {
    const field = fields[key];
    const below = rule[key];
    if (field !== undefined && below !== undefined) kept[key] = projected(field, below);
  }
  return kept;
}
