import process from "node:process";
import { afterEach, expect, it, vi } from "vitest";
import type { KubeObject, Pod } from "#lib/kube/index.ts";
import type { Events, Overview, TopicName, Transitions } from "#lib/protocol/index.ts";
import { systemClock } from "#server/clock.ts";
import { startEmbeddedCluster } from "#server/embedded/start.ts";
import { parseKubeconfig, resolveContext } from "../kubeconfig/index.ts";
import { ClusterSession } from "../session.ts";
import { KubeTransport, KubeWriter } from "../transport/index.ts";

const undos: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const undo of undos.splice(0).reverse()) await undo();
});

const nodes = { group: "", version: "v1", resource: "nodes" };
const pods = { group: "", version: "v1", resource: "pods" };
const node: KubeObject & { status: object } = {
  metadata: { name: "n1" },
  status: { allocatable: { cpu: "4", memory: "8Gi", pods: "110" } },
};
const pod: KubeObject & { spec: object } = {
  metadata: { name: "a", namespace: "default" },
  spec: { containers: [{ name: "main", image: "example/main:1", resources: { requests: { cpu: "1" } } }] },
};

/** An embedded cluster in a thread of its own with our scheduler, paused, and one pod that waits. */
async function situation() {
  const embedded = await startEmbeddedCluster({ scenario: "empty" });
  undos.push(() => embedded.stop());
  const kubeconfig = parseKubeconfig(embedded.kubeconfig, "demo");
  const access = resolveContext(kubeconfig, kubeconfig.currentContext ?? "");
  const options = { clock: systemClock, environment: process.env, userAgent: "test", isExecApproved: () => false };
  const transport = new KubeTransport(access, options);
  const writer = new KubeWriter(access, options);
  undos.push(
    () => transport.close(),
    () => writer.close(),
  );
  const failures: unknown[] = [];
  const session = new ClusterSession({
    config: {
      id: "demo",
      name: "demo",
      version: "test",
      mode: "embedded",
      access,
      queue: "concurrent",
      approvedExec: [],
      isExecAllowed: false,
    },
    clock: systemClock,
    onSummary: () => {},
    onFailure: (during, error) => void failures.push([during, error]),
  });
  undos.push(() => session.stop());
  await session.calls.setScheduler({ request: { isPaused: true } });
  await writer.create(nodes, node);
  await writer.create(pods, pod);
  const view = (topic: TopicName, params: object = {}): unknown => {
    const source = session.view(topic, params);
    if ("problem" in source) throw new Error(source.problem.message);
    return source.build();
  };
  const loop = () => (view("overview") as Overview).loop;
  const causes = (uid: string) => {
    const { rows } = view("transitions", { uid, limit: 50 }) as Transitions;
    return Object.values(rows).map(({ cause }) => cause.event);
  };
  const until = (holds: () => void | Promise<void>): Promise<void> =>
    vi.waitFor(holds, { timeout: 20_000, interval: 20 });
  await until(() => expect(loop()?.next?.name).toBe("a"));
  const served = () => transport.getObject<Pod>(pods, { namespace: "default", name: "a" });
  const flying = () => Object.values((view("events") as Events).pods).map(({ name }) => name);
  return { session, served, flying, loop, until, causes, failures };
}

it("a pod that was bound by a step is without a node after its undo, and bound after its redo, for everybody", async () => {
  const { session, served, flying, loop, until, causes, failures } = await situation();
  const { pod: popped } = await session.calls.step({ step: { step: "pop" } });
  const uid = popped?.uid ?? "";
  await session.calls.step({ step: { step: "finish", uid, as: "schedulable" } });
  await until(async () => expect((await served()).status?.phase).toBe("Running"));
  const boundAt = Number((await served()).metadata.resourceVersion);
  expect(flying()).toEqual([]);

  const undone = await session.calls.undo(undefined);
  expect(undone.step).toBe("finish default/a as schedulable");
  const unbound = await served();
  expect([unbound.spec?.nodeName, unbound.status?.phase, unbound.metadata.uid]).toEqual([undefined, "Pending", uid]);
  expect(Number(unbound.metadata.resourceVersion)).toBeGreaterThan(boundAt);
  expect(Number(undone.resourceVersion)).toBeGreaterThanOrEqual(Number(unbound.metadata.resourceVersion));
  expect(flying()).toEqual(["a"]);
  expect(loop()).toMatchObject({ undo: { count: 1, next: "pop default/a" }, redo: { count: 1 } });

  await session.calls.undo(undefined);
  expect([flying(), loop()?.next?.name]).toEqual([[], "a"]);
  await session.calls.redo(undefined);
  expect(flying()).toEqual(["a"]);
  await session.calls.redo(undefined);
  expect((await served()).spec?.nodeName).toBe("n1");
  expect([flying(), loop()?.next]).toEqual([[], undefined]);
  expect(causes(uid)).toEqual(["UnschedulablePodAdd", "Pop", "Bound", "Undo", "Undo", "Redo", "Redo"]);
  expect(failures).toEqual([]);
});
