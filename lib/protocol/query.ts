import { place } from "./history.ts";
import { severity, verdictCode } from "./verdict.ts";

/**
 * The one grammar of Pods and Queue: tokens and free words, separated by spaces, all of which must hold.
 *
 *     verdict:no-fit,spread  queue:backoff  ns:team-*  label:app=web  age>5m  attempts>3  -plugin:VolumeZone  indexer
 *
 * Values of one token are alternatives. `*` stands for any characters, quotes keep spaces and commas together, a leading
 * `-` turns a token or a word round.
 */
const textKeys = ["verdict", "queue", "plugin", "ns", "node", "label", "pc", "scheduler", "cluster"] as const;
const numberKeys = ["age", "attempts"] as const;
export type QueryKey = (typeof textKeys)[number];

export type QueryTerm = {
  readonly isNegated: boolean;
  /** As it was written, so that it can be taken out. */
  readonly source: string;
} & (
  | { readonly kind: "token"; readonly key: QueryKey; readonly values: readonly string[] }
  | { readonly kind: "more" | "less"; readonly key: (typeof numberKeys)[number]; readonly than: number }
  | { readonly kind: "word"; readonly text: string }
);

export interface Query {
  readonly terms: readonly QueryTerm[];
  /** What cannot be read, in words. */
  readonly problem?: string;
  /** Where it stands in the text; absent where it is about the whole. */
  readonly problemAt?: { readonly from: number; readonly to: number };
}

/** What a query is held against. Everything but the name may be missing. */
export interface QuerySubject {
  readonly namespace: string;
  readonly name: string;
  readonly verdict?: string;
  readonly severity?: string;
  readonly queue?: string;
  readonly plugins?: readonly string[];
  readonly node?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly priorityClass?: string;
  readonly scheduler?: string;
  readonly cluster?: string;
  readonly ageMs?: number;
  readonly attempts?: number;
  /** What free words may be found in beside the name; asked only where there are any. */
  readonly text?: () => string;
}

/** What nobody writes by hand, and a server need not read. */
export const maxQueryLength = 1_000;
const maxTerms = 32;

export function parseQuery(source: string): Query {
  const terms: QueryTerm[] = [];
  if (source.length > maxQueryLength)
    return { terms, problem: `The filter is longer than ${maxQueryLength} characters.` };
  for (const [from, word] of placedWordsOf(source)) {
    const term = termOf(word);
    if (typeof term === "string") return { terms, problem: term, problemAt: { from, to: from + word.length } };
    terms.push(term);
    if (terms.length > maxTerms) return { terms, problem: `The filter has more than ${maxTerms} parts.` };
  }
  return { terms };
}

export function matchesQuery({ terms, problem }: Query, subject: QuerySubject): boolean {
  return problem === undefined && terms.every((term) => holds(term, subject) !== term.isNegated);
}

function termOf(source: string): QueryTerm | string {
  const isNegated = source.startsWith("-") && source.length > 1;
  const body = isNegated ? source.slice(1) : source;
  const [, key = "", sign = "", rest = ""] = /^([a-z]+)([:<>])(.*)$/.exec(body) ?? [];
  const numberKey = numberKeys.find((each) => each === key);
  if (numberKey !== undefined && sign !== ":") {
    const than = numberKey === "age" ? durationOf(rest) : /^\d+$/.test(rest) ? Number(rest) : undefined;
    if (than === undefined)
      return `${source}: expected ${numberKey === "age" ? "a duration, as 5m or 1h30m" : "a number"}`;
    return { kind: sign === ">" ? "more" : "less", key: numberKey, than, isNegated, source };
  }
  if (numberKey !== undefined) return `${source}: expected ${key}> or ${key}<`;
  const textKey = textKeys.find((each) => each === key);
  if (textKey !== undefined) {
    if (sign !== ":") return `${source}: expected ${key}: and a value`;
    const values = valuesOf(rest);
    if (values.length === 0) return `${source}: expected a value behind the colon`;
    const unknown = unknownIn(textKey, values);
    return unknown === undefined ? { kind: "token", key: textKey, values, isNegated, source } : `${source}: ${unknown}`;
  }
  // An address has a colon as well, and is a word.
  if (sign === ":" && !rest.startsWith("//"))
    return `${source}: there is no filter ${key}:. There are ${textKeys.map((each) => `${each}:`).join(" ")} age> attempts>`;
  return { kind: "word", text: unquoted(body).toLowerCase(), isNegated, source };
}

/** Of the keys with few values: one that does not exist would match nothing, and nobody would know why. */
function unknownIn(key: QueryKey, values: readonly string[]): string | undefined {
  if (key !== "queue" && key !== "verdict") return undefined;
  const known: readonly string[] = key === "queue" ? place.options : [...verdictCode.options, ...severity.options];
  const unknown = values.find((value) => !known.some((each) => glob(value, each)));
  if (unknown === undefined) return undefined;
  return key === "queue"
    ? `there is no queue ${unknown}. There are ${known.join(", ")}`
    : `there is no verdict or severity ${unknown}`;
}

/** The parts of a query as they were written, whether or not they can be read. Split at spaces outside of quotes. */
export function queryParts(source: string): readonly string[] {
  return placedWordsOf(source).map(([, word]) => word);
}

function placedWordsOf(source: string): readonly (readonly [at: number, word: string])[] {
  return [...source.matchAll(/(?:"[^"]*"?|[^\s"])+/g)].map((match) => [match.index, match[0]]);
}

function valuesOf(list: string): readonly string[] {
  const values = list.match(/(?:"[^"]*"?|[^,"])+/g) ?? [];
  return values.map(unquoted).filter((value) => value !== "");
}

function unquoted(text: string): string {
  return text.replaceAll('"', "");
}

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90`, `90s`, `5m`, `1h30m`, `2d`: a number without a unit is in seconds. */
function durationOf(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) * unitMs.s;
  if (!/^(\d+[smhd])+$/.test(text)) return undefined;
  let ms = 0;
  for (const [, amount = "", unit = "s"] of text.matchAll(/(\d+)([smhd])/g)) {
    ms += Number(amount) * unitMs[unit as keyof typeof unitMs];
  }
  return ms;
}

function holds(term: QueryTerm, subject: QuerySubject): boolean {
  switch (term.kind) {
    case "word":
      return `${subject.namespace}/${subject.name} ${subject.text?.() ?? ""}`.toLowerCase().includes(term.text);
    case "more":
    case "less": {
      const value = term.key === "age" ? subject.ageMs : subject.attempts;
      return value !== undefined && (term.kind === "more" ? value > term.than : value < term.than);
    }
    case "token":
      return term.values.some((value) => tokenHolds(term.key, value, subject));
    default:
      return term satisfies never;
  }
}

function tokenHolds(key: QueryKey, value: string, subject: QuerySubject): boolean {
  switch (key) {
    case "verdict":
      return glob(value, subject.verdict) || glob(value, subject.severity);
    case "queue":
      return glob(value, subject.queue);
    case "plugin":
      return (subject.plugins ?? []).some((plugin) => glob(value, plugin));
    case "ns":
      return glob(value, subject.namespace);
    case "node":
      return glob(value, subject.node);
    case "pc":
      return glob(value, subject.priorityClass);
    case "scheduler":
      return glob(value, subject.scheduler);
    case "cluster":
      return subject.cluster === undefined || glob(value, subject.cluster);
    case "label":
      return labelHolds(value, subject.labels ?? {});
    default:
      return key satisfies never;
  }
}

/** `app` is there, or `app=web` has that value. */
function labelHolds(value: string, labels: Readonly<Record<string, string>>): boolean {
  const equals = value.indexOf("=");
  if (equals < 0) return Object.hasOwn(labels, value);
  const key = value.slice(0, equals);
  return Object.hasOwn(labels, key) && glob(value.slice(equals + 1), labels[key]);
}

/** Whatever the case; in time linear in the text for each `*`. */
function glob(pattern: string, text: string | undefined): boolean {
  if (text === undefined) return false;
  const [first = "", ...parts] = pattern.toLowerCase().split("*");
  const subject = text.toLowerCase();
  if (parts.length === 0) return subject === first;
  if (!subject.startsWith(first)) return false;
  const last = parts.pop() ?? "";
  let from = first.length;
  for (const part of parts) {
    const at = subject.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return subject.length - last.length >= from && subject.endsWith(last);
}
