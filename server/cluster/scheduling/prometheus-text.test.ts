import { describe, expect, it } from "vitest";
import { readSamples } from "./prometheus-text.ts";

const text = `# HELP scheduler_pending_pods [STABLE] Number of pending pods
# TYPE scheduler_pending_pods gauge
scheduler_pending_pods{queue="active"} 0
scheduler_pending_pods{queue="unschedulable"} 1.2e+01
scheduler_pending_pods_total{queue="active"} 5
scheduler_queue_incoming_pods_total{event="storage.k8s.io/CSINodeAdd",queue="active"} 7 1764000000000
odd{text="a \\"quoted\\" } brace, a \\\\ and a\\nline",empty=""} NaN
odd{text="a \\"quoted\\" } brace, a \\\\ and a\\nline",empty=""} +Inf
plain 3`;

function read(...names: string[]) {
  return Object.fromEntries(readSamples(text, new Set(names)));
}

describe("the text format of Prometheus", () => {
  it("gives the samples that are asked for, and no others", () => {
    expect(read("scheduler_pending_pods")).toEqual({
      scheduler_pending_pods: [
        { labels: { queue: "active" }, value: 0 },
        { labels: { queue: "unschedulable" }, value: 12 },
      ],
    });
  });

  it("is read with time stamps, without labels, and without a last newline", () => {
    const { scheduler_queue_incoming_pods_total: incoming, plain } = read(
      "scheduler_queue_incoming_pods_total",
      "plain",
    );
    expect(incoming).toEqual([{ labels: { event: "storage.k8s.io/CSINodeAdd", queue: "active" }, value: 7 }]);
    expect(plain).toEqual([{ labels: {}, value: 3 }]);
  });

  it("has labels with quotes, braces, commas and newlines in them", () => {
    const labels = { text: 'a "quoted" } brace, a \\ and a\nline', empty: "" };
    expect(read("odd")).toEqual({ odd: [{ labels, value: Number.POSITIVE_INFINITY }] });
  });

  it.each(["", "plain", "plain ", "plain{", "plain{a=", 'plain{a="b"}', "plain x", "<html>"])("is not %j", (other) => {
    expect([...readSamples(other, new Set(["plain"]))]).toEqual([]);
  });
});
