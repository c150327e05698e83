import type { GlyphState } from "#components/ui/index.ts";
import type { Facet, VerdictCode } from "#lib/protocol/index.ts";

/** Verdicts that one looks for together. */
export interface Pill {
  readonly id: string;
  readonly label: string;
  readonly glyph: GlyphState;
  readonly codes: readonly VerdictCode[];
}

/** Each code is in exactly one of them, the worst first. */
export const pills: readonly Pill[] = [
  { id: "missed", label: "Missed", glyph: "missed", codes: ["missed-event"] },
  { id: "stuck", label: "Stuck", glyph: "missed", codes: ["stuck-in-flight", "lost", "flush-overdue", "never-tried"] },
  { id: "scheduler", label: "No scheduler", glyph: "missed", codes: ["no-scheduler"] },
  { id: "error", label: "Error", glyph: "missed", codes: ["plugin-error", "disagrees", "stale-nomination"] },
  {
    id: "no-fit",
    label: "No fit",
    glyph: "unschedulable",
    codes: [
      "no-fit",
      "no-fit-kind",
      "no-nodes",
      "no-match",
      "no-label",
      "spread",
      "affinity",
      "anti-affinity",
      "pod-limit",
      "ports",
      "features",
    ],
  },
  {
    id: "near",
    label: "Near miss",
    glyph: "unschedulable",
    codes: ["near-toleration", "near-resource", "near-cordon"],
  },
  {
    id: "volume",
    label: "Volume",
    glyph: "unschedulable",
    codes: ["claim-missing", "volume-wait", "volume-zone", "volume-limit", "volume-unbound"],
  },
  { id: "device", label: "Device", glyph: "unschedulable", codes: ["device-wait"] },
  { id: "unknown", label: "Unknown", glyph: "unknown", codes: ["unknown"] },
  { id: "gated", label: "Gated", glyph: "gated", codes: ["gated", "pre-enqueue"] },
  {
    id: "waiting",
    label: "Backing off",
    glyph: "backoff",
    codes: ["backoff", "fits-now", "preempting", "permit-wait"],
  },
  { id: "moving", label: "Moving", glyph: "active", codes: ["in-flight", "queued"] },
  { id: "elsewhere", label: "Elsewhere", glyph: "bound", codes: ["not-watched", "not-started"] },
];

export interface CountedPill extends Pill {
  readonly count: number;
  readonly isChosen: boolean;
}

/** Those that have pods, or are chosen. */
export function countedPills(facet: Facet | undefined, chosen: readonly string[]): readonly CountedPill[] {
  const counts = new Map(facet?.values.map(({ value, count }) => [value, count]));
  return pills
    .map((pill) => ({
      ...pill,
      count: pill.codes.reduce((sum, code) => sum + (counts.get(code) ?? 0), 0),
      isChosen: chosen.includes(pill.id),
    }))
    .filter(({ count, isChosen }) => count > 0 || isChosen);
}

/** Codes that the chosen pills stand for; none: all. An id that is no pill is taken for a code. */
export function codesOf(chosen: readonly string[]): readonly string[] {
  return chosen.flatMap((id): readonly string[] => pills.find((pill) => pill.id === id)?.codes ?? [id]);
}

/** A click chooses one alone, or lets it go; with shift it is added or taken away. */
export function choose(chosen: readonly string[], id: string, isAdding: boolean): readonly string[] {
  const isChosen = chosen.includes(id);
  if (isAdding) return isChosen ? chosen.filter((each) => each !== id) : [...chosen, id];
  return isChosen && chosen.length === 1 ? [] : [id];
}
