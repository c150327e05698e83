import type { Instant } from "#lib/clock/index.ts";

/** What changes with time is not spelled out, so that a sentence stays the same until its reason changes. */
export type SentencePart =
  | string
  | { readonly since: Instant }
  | { readonly until: Instant }
  | { readonly time: Instant }
  | { readonly ms: number };

export type Sentence = readonly SentencePart[];

/** Template with durations and times in it. Neighbouring texts become one. */
export function say(texts: TemplateStringsArray, ...parts: readonly (SentencePart | number)[]): SentencePart[] {
  const sentence: SentencePart[] = [];
  const add = (part: SentencePart): void => {
    const last = sentence.at(-1);
    if (typeof part !== "string") sentence.push(part);
    else if (typeof last === "string") sentence[sentence.length - 1] = last + part;
    else if (part !== "") sentence.push(part);
  };
  for (const [index, text] of texts.entries()) {
    add(text);
    const part = parts[index];
    if (part !== undefined) add(typeof part === "number" ? counted(part) : part);
  }
  return sentence;
}

/** `2,802`. */
export function counted(count: number): string {
  const digits = String(count);
  return digits.length < 4 ? digits : digits.replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 node fits`, `4 nodes fit`. */
export function nodesFit(count: number): string {
  return count === 1 ? "1 node fits" : `${counted(count)} nodes fit`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${counted(count)} ${count === 1 ? one : many}`;
}

/** `on all 4 eligible nodes`. */
export function onAllEligible(count: number): string {
  return count === 1 ? "on the only eligible node" : `on all ${counted(count)} eligible nodes`;
}
