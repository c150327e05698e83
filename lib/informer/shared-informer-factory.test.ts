import { describe, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import { InformerStoppedError } from "./shared-index-informer.ts";
import { keyOfTarget, SharedInformerFactory, type InformerTarget } from "./shared-informer-factory.ts";
import { FakeSource } from "./testing/fake-source.ts";
import { Listener } from "./testing/listener.ts";

const pods = { resource: "v1/pods" };

function aFactory() {
  const clock = new FakeClock(0);
  const sources = new Map<string, FakeSource>();
  const factory = new SharedInformerFactory<KubeObject>({
    clock,
    random: () => 0.5,
    setup: (target: InformerTarget) => {
      const source = new FakeSource();
      source.create("a", "x");
      sources.set(keyOfTarget(target), source);
      return { source };
    },
  });
  const requests = (key = "v1/pods"): number => sources.get(key)?.requests.length ?? 0;
  return { clock, factory, sources, requests };
}

describe("a factory of informers", () => {
  it("I69 starts an informer with its first handler and stops it 30 s after its last went", async () => {
    const { clock, factory, sources } = aFactory();
    expect(factory.informer(pods)).toBeUndefined();
    const handler = new Listener();
    const registration = factory.addEventHandler(pods, handler);
    await clock.settle();
    expect(handler.take()).toEqual(["+a/x@101"]);
    const informer = factory.informer(pods);
    expect(factory.removeEventHandler(registration)).toBe(true);
    expect(factory.removeEventHandler(registration)).toBe(false);
    await clock.advance(29_999);
    expect([factory.informer(pods), informer?.isStopped]).toEqual([informer, false]);
    await clock.advance(1);
    expect([factory.informer(pods), informer?.isStopped]).toEqual([undefined, true]);
    expect(sources.get("v1/pods")?.openStreams).toBe(0);
  });

  it("I69 a handler that comes back before costs no list, and the time begins anew", async () => {
    const { clock, factory, requests } = aFactory();
    factory.removeEventHandler(factory.addEventHandler(pods, new Listener()));
    await clock.advance(29_000);
    const before = requests();
    const handler = new Listener();
    const registration = factory.addEventHandler(pods, handler);
    await clock.advance(40_000);
    expect([handler.take(), requests()]).toEqual([["+a/x@101"], before]);
    factory.removeEventHandler(registration);
    await clock.advance(29_999);
    expect(factory.informer(pods)?.isStopped).toBe(false);
  });

  it("I69 removal through the informer itself counts as well; a stopped one is made anew", async () => {
    const { clock, factory } = aFactory();
    const registration = factory.addEventHandler(pods, new Listener());
    const first = factory.informer(pods);
    first?.removeEventHandler(registration);
    await clock.advance(30_000);
    expect(first?.isStopped).toBe(true);
    const handler = new Listener();
    factory.addEventHandler(pods, handler);
    await clock.settle();
    expect(handler.take()).toEqual(["+a/x@101"]);
    expect(factory.informer(pods)).not.toBe(first);
  });

  it("I68 one per resource, field selector and namespace; I71 numbers are not given twice", async () => {
    const { clock, factory } = aFactory();
    const targets = [
      pods,
      { ...pods, fieldSelector: "spec.nodeName=n1" },
      { ...pods, namespace: "a" },
      { resource: "apps/v1/deployments" },
    ];
    const handler = new Listener();
    const registrations = [...targets, ...targets].map((target) => factory.addEventHandler(target, handler));
    await clock.settle();
    expect(factory.informers().map(({ key }) => key)).toEqual([
      "v1/pods",
      "v1/pods?spec.nodeName=n1",
      "v1/pods@a",
      "apps/v1/deployments",
    ]);
    expect(new Set(registrations.map(({ id }) => id)).size).toBe(8);
    expect(new Set(registrations.map(({ handlerId }) => handlerId)).size).toBe(1);
  });

  it("I70 a handler that asks for no resync gets none, one that asks gets it at the check", async () => {
    const { clock, factory } = aFactory();
    const [quiet, resyncing] = [new Listener(), new Listener()];
    factory.addEventHandler(pods, quiet);
    const registration = factory.addEventHandler(pods, resyncing, { resyncPeriodMs: 5_000 });
    expect(registration.resyncPeriodMs).toBe(30_000);
    await clock.advance(60_000);
    expect(quiet.take()).toEqual(["+a/x@101"]);
    expect(resyncing.take()).toEqual(["+a/x@101", "sync a/x@101", "sync a/x@101"]);
  });

  it("stops everything, waits for calls in progress, and starts nothing after that", async () => {
    const { clock, factory, sources } = aFactory();
    const handler = new Listener();
    handler.block();
    factory.addEventHandler(pods, handler);
    await clock.settle();
    let isStopped = false;
    void factory.stop().then(() => (isStopped = true));
    await clock.settle();
    expect([isStopped, sources.get("v1/pods")?.openStreams]).toEqual([false, 0]);
    handler.unblock();
    await clock.settle();
    expect(isStopped).toBe(true);
    expect(() => factory.addEventHandler(pods, handler)).toThrow(InformerStoppedError);
  });
});
