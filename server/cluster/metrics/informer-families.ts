import type { Instant } from "#lib/clock/index.ts";
import type { ReflectorState } from "#lib/informer/index.ts";
import type { MetricFamily } from "#lib/queue/index.ts";
import type { InformerBoard, RunningInformer } from "../informer-board.ts";

const phases = [
  "idle",
  "listing",
  "streaming",
  "connecting",
  "watching",
  "backingOff",
  "stopped",
] as const satisfies readonly ReflectorState["phase"][];

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** What is known of the informers themselves. A label is an informer's key, which names a resource and no object. */
export function informerFamilies(board: Pick<InformerBoard, "informers">, now: Instant): readonly MetricFamily[] {
  const running = board.informers();
  const family = (
    type: "gauge" | "counter",
    name: string,
    help: string,
    of: (informer: RunningInformer["informer"]) => readonly Sample[],
  ): MetricFamily => ({
    type,
    name: `informer_${name}`,
    help,
    values: running.flatMap(({ key, informer }) =>
      of(informer).map(([labels, value]) => ({ labels: { informer: key, ...labels }, value })),
    ),
  });
  return [
    family("gauge", "phase", "1 for what the reflector is doing now, 0 for everything else.", ({ state }) =>
      phases.map((phase) => [{ phase }, Number(state.phase === phase)] as const),
    ),
    family("gauge", "synced", "1 once the first list has been processed. Says nothing about freshness.", (informer) => [
      [{}, Number(informer.hasSynced)],
    ]),
    family("gauge", "objects", "Objects in the store.", ({ store }) => [[{}, store.size]]),
    family(
      "gauge",
      "last_event_age_seconds",
      "Since the watch last showed life: an event, a bookmark, or its opening. Absent before the first watch.",
      ({ freshAt }) => (freshAt === undefined ? [] : [[{}, Math.max(0, now - freshAt) / 1000]]),
    ),
    family("counter", "received_total", "What the server sent, by what it was.", ({ received }) =>
      Object.entries(received).map(([kind, count]) => [{ kind }, count] as const),
    ),
    family("counter", "relists_total", "Times that the whole collection was asked for again, by why.", (informer) =>
      [...informer.relistsByCause].map(([reason, count]) => [{ reason }, count] as const),
    ),
    family("gauge", "queue_depth", "Events of the chunk that is being applied.", ({ queue }) => [[{}, queue.depth]]),
    family("gauge", "queue_oldest_seconds", "How long what is applied now has waited.", ({ queueOldestMs }) => [
      [{}, queueOldestMs / 1000],
    ]),
    family("gauge", "registrations", "Handlers that are registered.", ({ registrations }) => [
      [{}, registrations.length],
    ]),
  ];
}
