/** Members of an object that nobody has looked at yet. */
export type Fields = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The member, also where it is written with a capital letter as Go writes what has no name for the wire. */
export function field(value: Fields, name: string): unknown {
  return value[name] ?? value[`${name.charAt(0).toUpperCase()}${name.slice(1)}`] ?? undefined;
}

export function array(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** `undefined` for what is no text, or empty. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Seconds, as milliseconds. */
export function duration(value: unknown, defaultSeconds: number): number {
  const seconds = typeof value === "number" && value >= 0 ? value : defaultSeconds;
  return seconds * 1_000;
}
