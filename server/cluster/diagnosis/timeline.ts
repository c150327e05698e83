import type { PodTransition, SeenEvent, Timeline } from "#lib/protocol/index.ts";
import type { Pod } from "#lib/kube/index.ts";
import type { Hints } from "./hints.ts";
import type { RecentEvent } from "./recent-events.ts";

const mostStays = 100;
const mostQueued = 50;
const mostSkipped = 500;
const mostLoupeEvents = 200;

export interface TimelineSource {
  readonly pod: Pod;
  /** Oldest first. */
  readonly transitions: readonly PodTransition[];
  /** Newest first. */
  readonly events: Iterable<RecentEvent>;
  readonly hints: Hints;
  readonly createdAt: number;
  readonly isActual: boolean;
  readonly failure: { readonly at: number; readonly source: "condition" | "event"; readonly text: string } | undefined;
  /** Events that its rejectors skipped, since the last failure. */
  readonly skipped: readonly SeenEvent[];
}

/** Where the pod was when, what was tried, what said Queue. */
export function buildTimeline(source: TimelineSource, attempt: number | undefined): Timeline {
  const { transitions, createdAt, skipped, failure } = source;
  const attempts = attemptsIn(source);
  const queued = transitions.filter(
    ({ from, cause }) => (from === "unschedulable" || from === "gated") && cause.plugin !== undefined,
  );
  const chosen = attempt === undefined ? attempts.at(-1) : attempts.find((each) => each.attempt === attempt);
  const loupe = chosen === undefined ? undefined : loupeOf(chosen, source);
  return {
    from: Math.min(createdAt, transitions[0]?.at ?? createdAt),
    stays: staysIn(transitions).slice(-mostStays),
    attempts: attempts.slice(-mostStays),
    queued: queued.slice(-mostQueued).map(({ seq, at, cause }) => ({
      seq,
      at,
      label: cause.event,
      ...(cause.object === undefined ? {} : { object: cause.object }),
      ...(cause.plugin === undefined ? {} : { plugin: cause.plugin }),
    })),
    skippedAt: skipped.slice(0, mostSkipped).map(({ at }) => at),
    queueTotal: queued.length,
    skipTotal: skipped.length,
    records:
      failure === undefined
        ? []
        : [{ at: failure.at, source: failure.source, reason: "FailedScheduling", text: failure.text }],
    ...(loupe === undefined ? {} : { loupe }),
  };
}

export function staysIn(transitions: readonly PodTransition[]): Timeline["stays"] {
  return transitions.map(({ at, to }, index) => {
    const until = transitions[index + 1]?.at;
    return { queue: to, from: at, ...(until === undefined ? {} : { until }) };
  });
}

function attemptsIn({ transitions, isActual }: TimelineSource): Timeline["attempts"] {
  return transitions.flatMap((popped, index) => {
    if (popped.to !== "inFlight") return [];
    const ended = transitions[index + 1];
    const outcome = ended === undefined ? undefined : isActual ? ("actual" as const) : ended.outcome;
    return [
      {
        attempt: popped.attempts ?? 0,
        isAtLeast: popped.isAttemptsAtLeast ?? false,
        at: popped.at,
        ...(ended === undefined ? {} : { ms: ended.at - popped.at, wentTo: ended.to }),
        ...(outcome === undefined ? {} : { outcome }),
      },
    ];
  });
}

/** What happened while that attempt went on, as far back as events are kept. */
function loupeOf(chosen: Timeline["attempts"][number], { pod, events, hints }: TimelineSource): Timeline["loupe"] {
  const { attempt, at, ms, wentTo } = chosen;
  const ended = ms === undefined ? undefined : at + ms;
  const found: SeenEvent[] = [];
  for (const event of events) {
    if (event.at < at || found.length === mostLoupeEvents) break;
    if (ended !== undefined && event.at > ended) continue;
    found.push(hints.answerOrNone(pod, event));
  }
  return {
    attempt,
    popped: at,
    ...(ended === undefined ? {} : { ended }),
    ...(wentTo === undefined ? {} : { wentTo }),
    events: found.reverse(),
  };
}
