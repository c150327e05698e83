import type { Registration } from "#lib/informer/index.ts";
import type { HistogramValue, MetricFamily } from "#lib/queue/index.ts";
import type { InformerBoard } from "../informer-board.ts";

/** Registrations that nobody tells apart: of one owner, under one name, on one informer. */
interface Group {
  readonly labels: Readonly<Record<string, string>>;
  readonly registrations: Registration[];
}

/**
 * How the handlers keep up. Registrations of one owner and name are one series, because ids are never reused and a
 * page that comes and goes would leave one behind each time; so a counter falls when one of its registrations is
 * removed, which a rate takes for a restart. There are no more series than handlers may be registered.
 */
export function registrationFamilies(board: Pick<InformerBoard, "informers">): readonly MetricFamily[] {
  const groups = groupsOf(board);
  const family = (
    type: "gauge" | "counter",
    name: string,
    help: string,
    of: (registrations: readonly Registration[]) => number,
  ): MetricFamily => ({
    type,
    name: `registration_${name}`,
    help,
    values: groups.map(({ labels, registrations }) => ({ labels, value: of(registrations) })),
  });
  return [
    family("gauge", "count", "Registrations of this owner and name.", ({ length }) => length),
    family("gauge", "synced", "1 once every one of them has handled its first list.", (all) =>
      Number(all.every(({ hasSynced }) => hasSynced)),
    ),
    family(
      "gauge",
      "leaked",
      "Those whose owner was released.",
      (all) => all.filter(({ isLeaked }) => isLeaked).length,
    ),
    family("gauge", "pending", "Notifications that wait in their buffers.", sumOf("pending")),
    family("counter", "delivered_total", "Calls that returned.", sumOf("delivered")),
    family("counter", "failed_total", "Calls that threw or rejected.", sumOf("failed")),
    family("counter", "filtered_total", "Notifications that a filter turned into nothing.", sumOf("filtered")),
    family("gauge", "lag_seconds", "Age of the oldest notification that waits, of the slowest of them.", (all) =>
      Math.max(...all.map(({ lagMs }) => lagMs / 1000)),
    ),
    {
      type: "histogram",
      name: "registration_handling_seconds",
      help: "How long handlers took. All calls that return a promise, and a sample of the others.",
      values: groups.map(handlingTimes),
    },
  ];
}

function groupsOf(board: Pick<InformerBoard, "informers">): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const { key, informer } of board.informers()) {
    for (const registration of informer.registrations) {
      const labels = { informer: key, owner: registration.owner?.name ?? "", handler: registration.name };
      const group = JSON.stringify(labels);
      const known = groups.get(group);
      if (known === undefined) groups.set(group, { labels, registrations: [registration] });
      else known.registrations.push(registration);
    }
  }
  return [...groups.values()];
}

function sumOf(count: "pending" | "delivered" | "failed" | "filtered") {
  return (registrations: readonly Registration[]): number =>
    registrations.reduce((sum, registration) => sum + registration[count], 0);
}

function handlingTimes({ labels, registrations }: Group): HistogramValue {
  const counts = new Map<number, number>();
  let [count, sumMs] = [0, 0];
  for (const { handlingTimes: times } of registrations) {
    count += times.samples;
    sumMs += times.sumMs;
    for (const bucket of times.buckets()) counts.set(bucket.upToMs, (counts.get(bucket.upToMs) ?? 0) + bucket.count);
  }
  let upTo = 0;
  const buckets = [...counts]
    .filter(([upToMs]) => Number.isFinite(upToMs))
    .map(([upToMs, within]) => ({ le: upToMs / 1000, count: (upTo += within) }));
  return { labels, count, sum: sumMs / 1000, buckets };
}
