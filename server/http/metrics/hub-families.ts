import type { MetricFamily } from "#lib/queue/index.ts";
import type { HubCounts } from "#server/hub/index.ts";

export function hubFamilies(counts: HubCounts): readonly MetricFamily[] {
  const family = (type: "gauge" | "counter", name: string, help: string, value: number): MetricFamily => ({
    type,
    name: `hub_${name}`,
    help,
    values: [{ labels: {}, value }],
  });
  return [
    family("gauge", "connections", "Sockets that are connected.", counts.connections),
    family("gauge", "subscriptions", "Views that a socket has open, each of them counted.", counts.subscriptions),
    family("gauge", "views", "Views that are open in a cluster, however many look at one.", counts.views),
    {
      type: "counter",
      name: "hub_messages_total",
      help: "Messages to sockets, by what they are.",
      values: Object.entries(counts.messages).map(([kind, value]) => ({ labels: { kind }, value })),
    },
    family(
      "counter",
      "coalesced_total",
      "Messages that were not sent because their socket was behind: one newer snapshot takes their place.",
      counts.coalesced,
    ),
    family(
      "counter",
      "dropped_total",
      "Messages of sockets that were refused, for what or how many they were.",
      counts.dropped,
    ),
  ];
}
