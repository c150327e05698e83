import type { GlyphState } from "#components/ui/index.ts";
import type { ScenarioName } from "#lib/protocol/index.ts";

/** In the order in which they are drawn. */
export const paletteGroups = [
  "Pods",
  "Filter",
  "Event list",
  "Informers",
  "Run",
  "Go to",
  "Scenarios",
  "Clusters",
] as const;
export type PaletteGroup = (typeof paletteGroups)[number];

export interface PaletteItem {
  readonly id: string;
  readonly group: PaletteGroup;
  /** What is searched, and what is drawn. */
  readonly text: string;
  readonly detail?: string;
  /** The server has found it by what was typed, wherever that is. */
  readonly isFound?: boolean;
  /** The state that it is in, where it has one. */
  readonly glyph?: GlyphState;
  /** The shortcut that does the same. */
  readonly keys?: string;
  readonly action:
    | { readonly kind: "open"; readonly href: string }
    | { readonly kind: "run"; readonly keys: string }
    | { readonly kind: "play"; readonly scenario: ScenarioName };
}

/** What somebody types: anything, `>` and a command, `#` and the number of an event. */
export interface PaletteQuery {
  readonly kind: "anything" | "commands" | "event";
  readonly text: string;
}

export function parseQuery(typed: string): PaletteQuery {
  const text = typed.trimStart();
  if (text.startsWith(">")) return { kind: "commands", text: text.slice(1).trim() };
  if (text.startsWith("#")) return { kind: "event", text: text.slice(1).replaceAll(",", "").trim() };
  return { kind: "anything", text: text.trim() };
}

/** So many of each group: whoever wants another one types more. */
const mostOfGroup = 6;
const groupsOf = {
  anything: new Set<PaletteGroup>(["Pods", "Filter", "Informers", "Run", "Go to", "Scenarios", "Clusters"]),
  commands: new Set<PaletteGroup>(["Run", "Go to", "Scenarios"]),
  event: new Set<PaletteGroup>(["Event list"]),
} as const satisfies Record<PaletteQuery["kind"], ReadonlySet<PaletteGroup>>;
/** There are too many of them to be offered to somebody who has typed nothing. */
const onlyWhenTyped: ReadonlySet<PaletteGroup> = new Set(["Pods", "Filter", "Informers", "Scenarios"]);

/** What is found, by group, the best match of each group first. Every word that was typed has to occur. */
export function findItems(
  items: readonly PaletteItem[],
  { kind, text }: PaletteQuery,
): readonly { readonly group: PaletteGroup; readonly items: readonly PaletteItem[] }[] {
  const words = wordsOf(text);
  const most = kind === "commands" ? Number.POSITIVE_INFINITY : mostOfGroup;
  return paletteGroups.flatMap((group) => {
    if (!groupsOf[kind].has(group) || (text === "" && onlyWhenTyped.has(group))) return [];
    const found = items
      .filter((item) => item.group === group)
      .map((item, index) => ({ item, index, rank: item.isFound === true ? 0 : rankOf(item.text.toLowerCase(), words) }))
      .filter(({ rank }) => rank !== undefined)
      .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || a.index - b.index)
      .slice(0, most)
      .map(({ item }) => item);
    return found.length === 0 ? [] : [{ group, items: found }];
  });
}

/** 0 at the start of the text, 1 at the start of a word, 2 anywhere; `undefined` when a word does not occur. */
function rankOf(text: string, words: readonly string[]): number | undefined {
  const ranks = words.map((word) => {
    const at = text.indexOf(word);
    if (at === -1) return undefined;
    if (at === 0) return 0;
    return startsWord(text, word) ? 1 : 2;
  });
  return ranks.includes(undefined) ? undefined : Math.max(0, ...ranks.map((rank) => rank ?? 0));
}

function startsWord(text: string, word: string): boolean {
  return text.split(/[^a-z0-9]+/u).some((part) => part.startsWith(word));
}

function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== "");
}

export interface Stretch {
  readonly at: number;
  readonly text: string;
  readonly isMatch: boolean;
}

/** A text cut where the first occurrence of a typed word begins and ends. */
export function stretchesOf(text: string, { text: typed }: PaletteQuery): readonly Stretch[] {
  const lower = text.toLowerCase();
  const marked = new Set<number>();
  for (const word of wordsOf(typed)) {
    const at = lower.indexOf(word);
    if (at !== -1) for (let index = at; index < at + word.length; index++) marked.add(index);
  }
  const stretches: Stretch[] = [];
  for (let at = 0; at < text.length;) {
    const isMatch = marked.has(at);
    let end = at + 1;
    while (end < text.length && marked.has(end) === isMatch) end++;
    stretches.push({ at, text: text.slice(at, end), isMatch });
    at = end;
  }
  return stretches;
}

/** Keys that move about on a page: nobody looks for them by name. */
const motions: ReadonlySet<string> = new Set(
  "j k h l [ ] , . / escape enter mod+k arrowup arrowdown arrowleft arrowright".split(" "),
);

export function isCommand({ keys }: { readonly keys: string }): boolean {
  return !motions.has(keys);
}
