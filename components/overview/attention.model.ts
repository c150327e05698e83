import { formatCount, formatPlural } from "#components/ui/index.ts";
import type { Attention, AttentionGroup } from "#lib/protocol/index.ts";

export interface AttentionSection {
  readonly title: string;
  readonly pods: number;
  readonly groups: readonly AttentionGroup[];
}

const titles = {
  actNow: "Act now",
  blocked: "Blocked until something changes",
  held: "Held on purpose",
} as const satisfies Record<keyof Attention["sections"], string>;

/** Those that have anybody in them, in this order. */
export function sectionsOf({ sections, groups }: Attention): readonly AttentionSection[] {
  return (Object.keys(titles) as (keyof typeof titles)[])
    .map((name) => ({
      title: titles[name],
      pods: sections[name].pods,
      groups: sections[name].order.flatMap((key) => groups[key] ?? []),
    }))
    .filter(({ pods }) => pods > 0);
}

/** "3 pods need you. The other 3,415 are waiting for known reasons." */
export function attentionSentence({ pending, needYou }: Attention): string {
  if (pending === 0) return "No pods are pending.";
  const others = pending - needYou;
  if (needYou === 0) {
    return `Nothing needs you. ${formatPlural(others, "pod is", "pods are")} waiting for known reasons.`;
  }
  const need = formatPlural(needYou, "pod needs you", "pods need you");
  if (others === 0) return `${need}.`;
  return `${need}. The other ${others === 1 ? "one is" : `${formatCount(others)} are`} waiting for known reasons.`;
}

export interface AttentionPart {
  readonly part: "needYou" | "blocked" | "held" | "moving";
  readonly count: number;
  readonly words: string;
  /** Pills of the Pods page that show them. */
  readonly pills: readonly string[];
}

/** The four parts of all pending pods, without the empty ones. */
export function attentionParts(attention: Attention): readonly AttentionPart[] {
  const parts: readonly AttentionPart[] = [
    {
      part: "needYou",
      count: attention.needYou,
      words: attention.needYou === 1 ? "needs you" : "need you",
      pills: ["missed", "stuck", "scheduler", "error"],
    },
    {
      part: "blocked",
      count: attention.blocked,
      words: "wait for capacity or a change",
      pills: ["no-fit", "near", "volume", "device", "unknown"],
    },
    { part: "held", count: attention.held, words: "held on purpose", pills: ["gated"] },
    {
      part: "moving",
      count: attention.moving,
      words: "will move on their own",
      pills: ["waiting", "moving", "elsewhere"],
    },
  ];
  return parts.filter(({ count }) => count > 0);
}

/** How old a group is beside the oldest of its section; the root, so that young ones can be told apart, too. */
export function ageShare({ since }: AttentionGroup, groups: readonly AttentionGroup[], now: number): number {
  const oldest = Math.max(1, ...groups.map((group) => now - group.since));
  return Math.sqrt(Math.max(0, now - since) / oldest);
}
