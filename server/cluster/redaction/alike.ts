/** More owners than this are not remembered: the oldest is forgotten, and its next pod sets the example anew. */
const maxOwners = 20_000;

type Fields = Record<string, unknown>;

/**
 * Pods of one owner are made from one template, so most of what is kept of them is the same. A value that equals what
 * the first pod of that owner has there is replaced by that very value: ten thousand pods of one Deployment hold one
 * copy of their containers.
 */
export class Alike {
  readonly #firstOf = new Map<string, object>();

  /** Changes `object`, whose fields have to be its own. What is below them is shared from here on. */
  share(owner: string, object: object): void {
    const first = this.#firstOf.get(owner);
    if (first !== undefined) {
      shareFields(object as Fields, first as Fields);
      return;
    }
    this.#firstOf.set(owner, object);
    if (this.#firstOf.size <= maxOwners) return;
    for (const oldest of this.#firstOf.keys()) {
      this.#firstOf.delete(oldest);
      return;
    }
  }
}

function shareFields(fields: Fields, first: Fields): void {
  for (const key in fields) {
    const value = fields[key];
    if (typeof value === "object" && isEqual(value, first[key])) fields[key] = first[key];
  }
}

/** Of plain JSON. */
function isEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one)) {
    if (!Array.isArray(other) || one.length !== other.length) return false;
    for (let at = 0; at < one.length; at++) if (!isEqual(one[at], other[at])) return false;
    return true;
  }
  const fields = one as Fields;
  const others = other as Fields;
  let count = 0;
  for (const key in fields) {
    if (!isEqual(fields[key], others[key])) return false;
    count++;
  }
  for (const _ in others) count--;
  return count === 0;
}
