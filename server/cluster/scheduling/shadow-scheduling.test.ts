import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { aNode, aPod } from "#lib/kube/testing/builders.ts";
import { readConfiguration } from "#lib/scheduler/index.ts";
import { RefusedError } from "#server/hub/clusters.ts";
import { expectToKeepContract } from "../testing/contract.ts";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { buildEvents } from "../views/events.ts";
import { buildScheduler, measuredQueue } from "../views/scheduler.ts";
import { configurationFromFile } from "./configuration-file.ts";
import { ShadowScheduling, type ShadowSchedulingOptions } from "./shadow-scheduling.ts";
import { FakeFinder, FakeScheduler, forbidden } from "./testing/fake-scheduler.ts";

const second = 1_000;
const aCluster = {
  id: "c",
  name: "c",
  mode: "shadow",
  phase: "connected",
  server: "https://c",
  version: "v1.36.3",
} as const;
const claims = "v1/persistentvolumeclaims";
const evidence = "events.k8s.io/v1/events?reason=FailedScheduling";

interface Situation {
  /** Kinds that do not answer yet. */
  readonly slow?: readonly string[];
  /** The kind that may not be read. */
  readonly forbidden?: string;
  readonly schedulers?: readonly FakeScheduler[];
  readonly configuration?: ShadowSchedulingOptions["configuration"];
}

/** A cluster of somebody else with one node and one pod that waits. */
function situation({ slow = [], forbidden, schedulers = [], configuration }: Situation = {}) {
  const cluster = new FakeCluster();
  const { board, clock } = cluster;
  for (const key of slow) cluster.source(key).endsInitialEvents = false;
  if (forbidden !== undefined) cluster.forbid(forbidden);
  const errors: unknown[] = [];
  const scheduling = new ShadowScheduling({
    clock,
    board,
    finder: new FakeFinder(...schedulers),
    ...(configuration === undefined ? {} : { configuration }),
    reportError: (error) => void errors.push(error),
  });
  const arrive = async (): Promise<void> => {
    await clock.settle();
    await cluster.tell("v1/nodes", "ADDED", aNode("n1"));
    await cluster.tell("v1/pods", "ADDED", aPod("waits"));
  };
  const answers = async (key: string): Promise<void> => {
    cluster.source(key).sendInitialEventsEnd();
    await clock.settle();
  };
  /** Pods the queue knows, wherever they are. */
  const known = (): number => {
    expectToKeepContract("scheduler", buildScheduler(aCluster, scheduling));
    expectToKeepContract("events", buildEvents(scheduling));
    const { active, backoff, errorBackoff, unschedulable, gated, inFlight } = scheduling.queue.sizes();
    return active + backoff + errorBackoff + unschedulable + gated + inFlight;
  };
  return { cluster, clock, scheduling, errors, arrive, answers, known };
}

describe("the shadow of somebody else's scheduler", () => {
  it.each(["v1/nodes", "v1/pods"])("does not begin before %s are there, however long it takes", async (key) => {
    const { clock, arrive, answers, known } = situation({ slow: [key] });
    await arrive();
    await clock.advance(3_600 * second);
    expect(known()).toBe(0);
    await answers(key);
    expect(known()).toBe(1);
  });

  it("waits for the other kinds as well", async () => {
    const { arrive, answers, known } = situation({ slow: [claims, evidence] });
    await arrive();
    expect(known()).toBe(0);
    await answers(claims);
    expect(known()).toBe(0);
    await answers(evidence);
    expect(known()).toBe(1);
  });

  it("begins all the same after 15 s when a kind may not be read", async () => {
    const { cluster, clock, scheduling, errors, arrive, known } = situation({ forbidden: claims });
    await arrive();
    await clock.advance(14 * second);
    expect(known()).toBe(0);
    await clock.advance(second);
    expect([known(), scheduling.provenance, errors]).toEqual([1, "simulated", []]);
    expect(cluster.board.informer(claims)?.informer.problem).toMatchObject({ error: { code: 403 } });
  });

  it("begins as soon as everything is there, and only once", async () => {
    const { clock, cluster, arrive, known } = situation({ slow: ["v1/pods"] });
    await arrive();
    cluster.source("v1/pods").sendInitialEventsEnd();
    await clock.settle();
    expect(known()).toBe(1);
    await cluster.tell("v1/pods", "ADDED", aPod("late"));
    await clock.advance(20 * second);
    expect(known()).toBe(2);
  });

  it("never begins once it was stopped, and waits for nothing any more", async () => {
    const { cluster, clock, scheduling, arrive, answers, known } = situation({ slow: [claims] });
    await arrive();
    scheduling.stop();
    await cluster.board.stop();
    await clock.advance(0);
    expect(clock.nextTimerAt).toBeUndefined();
    await answers(claims);
    expect(known()).toBe(0);
  });

  it("cannot be steered: it is not ours", async () => {
    const { scheduling } = situation();
    expect(() => scheduling.set()).toThrow(RefusedError);
    for (const steer of [() => scheduling.step(), () => scheduling.undo(), () => scheduling.redo()]) {
      await expect(steer()).rejects.toThrow("kube-scheduler schedules this cluster");
    }
    expect(scheduling.loopState()).toBeUndefined();
  });
});

describe("kube-scheduler's own word", () => {
  it("sets the pace, while it leads and answers", async () => {
    const scheduler = new FakeScheduler("kube-system/a");
    scheduler.bindings = 2;
    const { clock, scheduling, arrive } = situation({ schedulers: [scheduler] });
    expect(scheduling.facts().pace).toEqual({ attemptMs: 2, inFlight: 8, provenance: "simulated" });
    scheduler.algorithm = { seconds: 0.5, attempts: 100 };
    await arrive();
    expect(scheduling.facts().pace).toEqual({ attemptMs: 5, inFlight: 3, provenance: "measured" });
    scheduler.bindings = 0;
    await clock.advance(5 * second);
    expect(scheduling.facts().pace).toEqual({ attemptMs: 5, inFlight: 1, provenance: "measured" });
    scheduler.failure = forbidden();
    await clock.advance(15 * second);
    expect(scheduling.facts().pace).toEqual({ attemptMs: 2, inFlight: 8, provenance: "simulated" });
    scheduling.stop();
  });

  it("stands beside ours on the wire, with source and age", async () => {
    const scheduler = new FakeScheduler("kube-system/a");
    scheduler.pending.unschedulable = 2;
    const { clock, scheduling, arrive, known } = situation({ schedulers: [scheduler] });
    await arrive();
    await clock.advance(5 * second);
    expect(known()).toBe(1);
    expect(measuredQueue(scheduling.facts())).toMatchObject({ source: "kube-system/a", queue: { unschedulable: 2 } });
    scheduling.stop();
  });

  it("about its configuration makes the shadow begin anew, with the profiles and the backoff that it has", async () => {
    const scheduler = new FakeScheduler("kube-system/a");
    const profiles = [
      { SchedulerName: "default-scheduler" },
      { SchedulerName: "batch", Plugins: { MultiPoint: { Enabled: [{ Name: "Coscheduling" }] } } },
    ];
    scheduler.configuration = { componentconfig: { Profiles: profiles, PodInitialBackoffSeconds: 3 } };
    const { cluster, scheduling, arrive, known, errors } = situation({ schedulers: [scheduler] });
    await arrive();
    await cluster.tell("v1/pods", "ADDED", aPod("of-batch", { scheduler: "batch" }));
    await cluster.tell("v1/pods", "ADDED", aPod("of-another", { scheduler: "volcano" }));
    expect(known()).toBe(2);
    expect(scheduling.facts()).toMatchObject({
      configuration: {
        source: "configz",
        from: "kube-system/a",
        problems: [],
        profiles: [
          { schedulerName: "default-scheduler", unknown: [] },
          { schedulerName: "batch", unknown: ["Coscheduling"] },
        ],
        initialBackoffMs: 3_000,
      },
      otherSchedulers: { volcano: { waiting: 1 } },
    });
    expect(errors).toEqual([]);
    scheduling.stop();
  });

  it("that is refused about its configuration leaves the defaults, and the reason", async () => {
    const scheduler = new FakeScheduler("kube-system/a");
    scheduler.configuration = { componentconfig: { kind: "Other" } };
    const { scheduling, arrive } = situation({ schedulers: [scheduler] });
    await arrive();
    const { configuration } = scheduling.facts();
    expect(configuration).toMatchObject({ source: "defaults", initialBackoffMs: 1_000 });
    expect(configuration.problems).toEqual([
      expect.stringContaining("Kind Other: expected a KubeSchedulerConfiguration"),
    ]);
    scheduling.stop();
  });

  it("about its configuration is not asked for where a file is given", async () => {
    const scheduler = new FakeScheduler("kube-system/a");
    const configuration = {
      source: "file",
      from: "/c.yaml",
      configuration: readConfiguration({ profiles: [] }),
    } as const;
    const { scheduling, arrive } = situation({ schedulers: [scheduler], configuration });
    await arrive();
    expect(scheduler.asked).not.toContain("configuration");
    expect(scheduling.facts().configuration).toMatchObject({ source: "file", from: "/c.yaml" });
    scheduling.stop();
  });

  it("in a file may name several schedulers: their pods share the queue, those of others are labelled", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kube-inflight-configuration-"));
    const path = join(folder, "scheduler.yaml");
    const lines = [
      "apiVersion: kubescheduler.config.k8s.io/v1",
      "kind: KubeSchedulerConfiguration",
      "profiles:",
      "- schedulerName: default-scheduler",
      "- schedulerName: batch",
      "  plugins: {multiPoint: {disabled: [{name: NodeResourcesFit}]}}",
    ];
    writeFileSync(path, lines.join("\n"));
    const configuration = configurationFromFile(path);
    rmSync(folder, { recursive: true });
    const { cluster, clock, scheduling, arrive, known } = situation({ configuration });
    await arrive();
    for (const scheduler of ["default-scheduler", "batch", "volcano"]) {
      const pod = aPod(`large-of-${scheduler}`, { scheduler, requests: { cpu: "64" } });
      await cluster.tell("v1/pods", "ADDED", pod);
    }
    await clock.advance(second);
    expect(known()).toBe(3);
    const parked = scheduling.queue.sizes().unschedulable;
    expect([parked, scheduling.attemptOf("uid-large-of-batch")]).toEqual([1, expect.anything()]);
    expect(scheduling.facts()).toMatchObject({
      configuration: {
        source: "file",
        from: path,
        profiles: [
          { schedulerName: "default-scheduler", disabled: [] },
          { schedulerName: "batch", disabled: ["NodeResourcesFit"] },
        ],
      },
      otherSchedulers: { volcano: { waiting: 1 } },
    });
    scheduling.stop();
  });
});
