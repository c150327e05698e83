/** One place where two versions of an object differ. `before` absent: it was added; `after` absent: it was removed. */
export interface Change {
  /** `status.conditions[PodScheduled].message`: list items are named by `type`, `name` or `key` where they have one. */
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}

const mostChanges = 40;
const longestValue = 120;
/** Differs in every version, says nothing. */
const silent = new Set(["metadata.resourceVersion", "metadata.managedFields", "metadata.generation"]);

/** What changed from one version of an object to the next, in the order of its fields, at most 40 places. */
export function objectChanges(before: unknown, after: unknown): readonly Change[] {
  const changes: Change[] = [];
  collect("", before, after, changes);
  return changes;
}

/** One line: the first changes, `path: before → after`, and how many more there are. */
export function summarise(changes: readonly Change[]): string {
  const [first, ...rest] = changes;
  if (first === undefined) return "no change";
  const more = rest.length === 0 ? "" : `, and ${rest.length} more`;
  return `${describe(first)}${more}`;
}

function describe({ path, before, after }: Change): string {
  if (before === undefined) return `${path}: + ${after ?? ""}`;
  if (after === undefined) return `${path}: removed`;
  return `${path}: ${before} → ${after}`;
}

function collect(path: string, before: unknown, after: unknown, changes: Change[]): void {
  if (before === after || changes.length >= mostChanges || silent.has(path)) return;
  const [old, now] = [members(before), members(after)];
  if (old !== undefined && now !== undefined && Array.isArray(before) === Array.isArray(after)) {
    const join = Array.isArray(after)
      ? (key: string) => `${path}[${key}]`
      : (key: string) => `${path === "" ? "" : `${path}.`}${key}`;
    for (const key of new Set([...old.keys(), ...now.keys()])) collect(join(key), old.get(key), now.get(key), changes);
    return;
  }
  const change = { path, ...valueOf("before", before), ...valueOf("after", after) };
  if (!("before" in change && "after" in change) || change.before !== change.after) changes.push(change);
}

/** The parts of an object or a list under their names, `undefined` for anything else. */
function members(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const items: readonly unknown[] = value;
  const names = items.map((item, index) => nameOf(item) ?? `${index}`);
  const isUnique = new Set(names).size === names.length;
  return new Map(items.map((item, index) => [isUnique ? (names[index] ?? `${index}`) : `${index}`, item]));
}

function nameOf(item: unknown): string | undefined {
  if (typeof item !== "object" || item === null) return undefined;
  for (const field of ["type", "name", "key", "uid"] as const) {
    const name = (item as Readonly<Record<string, unknown>>)[field];
    if (typeof name === "string") return name;
  }
  return undefined;
}

function valueOf(side: "before" | "after", value: unknown): { before?: string; after?: string } {
  if (value === undefined) return {};
  const text = typeof value === "string" ? (value === "" ? '""' : value) : JSON.stringify(value);
  return { [side]: text.length > longestValue ? `${text.slice(0, longestValue)}…` : text };
}
