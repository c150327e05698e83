import { describe, expect, it } from "vitest";
import type { Measured, Scheduler } from "#lib/protocol/index.ts";
import { configurationSentence, driftRows, metricsSentence } from "./scheduler-facts.model.ts";

const measured: Measured = {
  at: 10_000,
  source: "https://127.0.0.1:10259/metrics",
  everyMs: 5_000,
  pending: { active: { measured: 3, ours: 3 }, unschedulable: { measured: 41, ours: 40 } },
  inFlight: { measured: 1, ours: 1 },
  inFlightEvents: { NodeAdd: { measured: 2, ours: 2 }, AssignedPodDelete: { measured: 5, ours: 5 } },
  inFlightEventsTrend: [7],
  bindings: 0,
  incoming: {},
  hints: {},
  attempts: {},
  since: 0,
};

const configuration: Scheduler["configuration"] = {
  source: "defaults",
  problems: [],
  profiles: [],
  initialBackoffMs: 1_000,
  maxBackoffMs: 10_000,
};

describe("kube-scheduler's own figures", () => {
  it("stand beside ours, and what differs is marked", () => {
    expect(driftRows(measured)).toEqual([
      { name: "active", measured: "3", ours: "3", differs: false },
      { name: "unschedulable", measured: "41", ours: "40", differs: true },
      { name: "pods in flight", measured: "1", ours: "1", differs: false },
      { name: "events held", measured: "7", ours: "7", differs: false },
    ]);
  });

  it("come down to one line", () => {
    const of = (metrics: Scheduler["metrics"]) => metricsSentence({ metrics }, 30_000);
    expect(of({ state: "measured", last: measured })).toBe("1 of its figures differs from ours");
    expect(of({ state: "measured", last: { ...measured, pending: {} } })).toBe("agrees with its metrics");
    const problem = { code: "timeout", title: "Timed out", message: "no answer", hint: "" };
    expect(of({ state: "measured", last: measured, problem })).toBe("metrics 20 s old");
    expect(of({ state: "notReachable", tried: [], nextAt: 0 })).toBe("metrics not reachable");
  });

  it("rest on a configuration that is read, or assumed and said to be", () => {
    expect(configurationSentence({ configuration })).toBe(
      "Configuration not readable, so its defaults are assumed. Backoff 1.0 s to 10 s.",
    );
    expect(
      configurationSentence({ configuration: { ...configuration, source: "file", from: "/etc/s.yaml" } }),
    ).toContain("Configuration read from /etc/s.yaml.");
  });
});
