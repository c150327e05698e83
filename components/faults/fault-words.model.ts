import type { Fault, FaultKind, Faults } from "#lib/protocol/index.ts";

export interface FaultWords {
  readonly name: string;
  /** What it does, in one sentence. */
  readonly does: string;
  /** What a sound informer makes of it. */
  readonly expect: string;
}

export const faultWords = {
  drop: {
    name: "Drop connections",
    does: "Open watches break, and no request gets an answer.",
    expect: "Informers try again every second, and go on where they stopped.",
  },
  refuse: {
    name: "Refuse connections",
    does: "Nobody listens: every connection breaks, and new ones are refused, for kubectl and the scheduler too.",
    expect: "Informers wait longer each time and open the same watch again; nothing is listed anew.",
  },
  slow: {
    name: "Slow",
    does: "Answers and the events of open watches come two seconds late.",
    expect: "Stores are behind, and nothing is lost.",
  },
  throttle: {
    name: "429 Too Many Requests",
    does: "Every request is answered with 429 and Retry-After: 2; open watches end.",
    expect: "Informers come back when they are told to, and do not list.",
  },
  error: {
    name: "500 Internal Error",
    does: "Every request is answered with 500; open watches end with it.",
    expect: "Informers list again, waiting longer each time.",
  },
  unauthorized: {
    name: "401 Unauthorized",
    does: "The token is refused, as if it had expired; open watches end.",
    expect: "Informers list again, waiting longer each time; verdicts that rest on them say so.",
  },
  gone: {
    name: "410 Gone",
    does: "What a client knows is too old: in open watches every five seconds, and whenever it goes on from a version.",
    expect: "Informers list everything anew, and tell handlers the difference only.",
  },
  compact: {
    name: "Compaction",
    does: "History is forgotten and watches break, every five seconds: whoever comes back is too late.",
    expect: "Informers are told 410, list anew, and find what was deleted meanwhile.",
  },
  garbage: {
    name: "Garbage",
    does: "Watches bring a line that is no JSON, and lists a body that is none.",
    expect: "Informers trust nothing of it, and list again.",
  },
  half: {
    name: "Half a line",
    does: "Watches end in the middle of a line, and lists in the middle of their body.",
    expect: "Informers drop the half, and ask for it again.",
  },
} as const satisfies Record<FaultKind, FaultWords>;

/** Where each goes wrong, from the wire inwards. */
export const faultGroups = [
  { name: "The network", kinds: ["drop", "refuse", "slow"] },
  { name: "The server", kinds: ["throttle", "error", "unauthorized"] },
  { name: "Its history", kinds: ["gone", "compact"] },
  { name: "What it says", kinds: ["garbage", "half"] },
] as const satisfies readonly { readonly name: string; readonly kinds: readonly FaultKind[] }[];

/** `on pods, watches only`; empty where it is about everything. */
export function scopeWords({ resource, verbs }: Pick<Fault, "resource" | "verbs">): string {
  const what = resource === undefined ? [] : [`on ${resource.split("/").at(-1)}`];
  const which = verbs.length === 1 ? [`${verbs[0] === "list" ? "lists" : "watches"} only`] : [];
  return [...what, ...which].join(", ");
}

/** Those that are on, as the banner says it. */
export function bannerWords({ on }: Faults): { readonly title: string; readonly text: string } | undefined {
  const active = Object.values(on);
  if (active.length === 0) return undefined;
  const title = active.length === 1 ? "A fault is on." : `${active.length} faults are on.`;
  const texts = active.map((fault) => [faultWords[fault.kind].name, scopeWords(fault)].filter(Boolean).join(" "));
  return { title, text: `${texts.join("; ")}. What is shown may be behind.` };
}
