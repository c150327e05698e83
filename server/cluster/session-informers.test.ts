import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { lineObjectResponse, previewResponse, verifyResponse, type Informer } from "#lib/protocol/index.ts";
import { systemClock } from "#server/clock.ts";
import { startEmbeddedCluster, type EmbeddedCluster } from "#server/embedded/start.ts";
import { parseKubeconfig, resolveContext } from "./kubeconfig/index.ts";
import { ClusterSession } from "./session.ts";
import { aHandler } from "./testing/fake-cluster.ts";

const nodes = "v1/nodes";

let embedded: EmbeddedCluster;
const undos: (() => Promise<void>)[] = [];

beforeAll(async () => {
  embedded = await startEmbeddedCluster({ scenario: "small" });
});
afterAll(async () => {
  await embedded.stop();
});
afterEach(async () => {
  for (const undo of undos.splice(0)) await undo();
});

/** A session that reads a real API server over the network, as one that somebody attached. */
async function aSession() {
  const session = new ClusterSession({
    config: {
      id: "c",
      name: "c",
      version: "test",
      mode: "shadow",
      access: resolveContext(parseKubeconfig(embedded.kubeconfig, "embedded"), "embedded"),
      queue: "concurrent",
      approvedExec: [],
      isExecAllowed: false,
    },
    clock: systemClock,
    onSummary: () => {},
    onFailure: () => {},
  });
  undos.push(() => session.stop());
  const informer = (key = nodes): Informer => {
    const source = session.view("informer", { informer: key });
    if ("problem" in source) throw new Error(source.problem.message);
    return source.build() as unknown as Informer;
  };
  await vi.waitFor(() => expect(informer().row.hasSynced).toBe(true), { timeout: 20_000, interval: 20 });
  return { session, informer };
}

describe("what is asked of a session's informers", () => {
  it.each([
    {},
    { cel: "object.metadata.name.endsWith('1')" },
    { fieldSelector: "metadata.name!=no-such-node", cel: "has(object.status.allocatable)" },
    { labelSelector: "no-such-label" },
  ])("a preview with %j says how many adds its handler then gets", async (filter) => {
    const { session, informer } = await aSession();
    const previewed = previewResponse.parse(
      await session.calls.previewHandler({ informer: nodes, request: { filter, times: 1 } }),
    );
    expect(previewed).toMatchObject({ effect: "shares", objects: informer().store.objects, problems: [] });
    const { registrations } = await session.calls.addHandler({
      informer: nodes,
      request: aHandler({ kind: "count", filter }),
    });
    expect(registrations).toEqual([previewed.nextHandle]);
    const row = () => informer().registrations[previewed.nextHandle];
    await vi.waitFor(() => expect(row()?.hasSynced).toBe(true), { timeout: 20_000, interval: 20 });
    const { delivered = 0, filtered = 0 } = row() ?? {};
    // What changed meanwhile comes on top.
    expect(delivered).toBeGreaterThanOrEqual(previewed.syntheticAdds ?? -1);
    expect(delivered + filtered).toBeGreaterThanOrEqual(previewed.objects ?? -1);
  });

  it("a preview of what no informer reads yet asks the server how much there is", async () => {
    const { session } = await aSession();
    const request = { filter: {}, times: 1 };
    const deployments = await session.calls.previewHandler({ informer: "apps/v1/deployments", request });
    expect(deployments).toMatchObject({ effect: "starts", problems: [] });
    expect(deployments.objects).toBeGreaterThan(0);
    expect(await session.calls.previewHandler({ informer: "v1/nothing", request })).toMatchObject({
      effect: "starts",
      problems: [{ field: "resource", code: "not-served" }],
    });
  });

  it("a tail's line has its object, as it was kept", async () => {
    const { session, informer } = await aSession();
    const { registrations } = await session.calls.addHandler({ informer: nodes, request: aHandler() });
    const [registration = 0] = registrations;
    await vi.waitFor(() => expect(informer().registrations[registration]?.delivered).toBeGreaterThan(0), {
      timeout: 20_000,
      interval: 20,
    });
    const { object } = lineObjectResponse.parse(await session.calls.lineObject({ registration, line: 1 }));
    expect(object).toMatchObject({ kind: "Node", metadata: { name: expect.any(String) as string } });
    await expect(session.calls.lineObject({ registration, line: 4711 })).rejects.toMatchObject({ status: 404 });
  });

  it("a relist is one more list in the history, and the store agrees with the server after it", async () => {
    const { session, informer } = await aSession();
    const before = informer().reflector.relistsTotal;
    await vi.waitFor(async () => expect((await session.calls.relist({ informer: nodes })).isAsked).toBe(true), {
      timeout: 20_000,
      interval: 20,
    });
    await vi.waitFor(
      () => expect(informer().reflector.lists.at(-1)).toMatchObject({ cause: "asked", outcome: "done" }),
      { timeout: 20_000, interval: 20 },
    );
    expect(informer().reflector.relistsTotal).toBeGreaterThan(before);
    const { result } = verifyResponse.parse(await session.calls.verify({ informer: nodes }));
    expect(result).toMatchObject({ missing: { count: 0 }, extra: { count: 0 }, older: { count: 0 } });
    expect(informer().verification).toEqual({ phase: "done", result });
  });

  it("a handle that is gone is refused, and the others go on", async () => {
    const { session, informer } = await aSession();
    const { registrations } = await session.calls.addHandler({
      informer: nodes,
      request: aHandler({ kind: "count", times: 3 }),
    });
    const [first = 0, second = 0, third = 0] = registrations;
    await session.calls.removeHandler({ registration: second });
    for (const registration of [second, 4711]) {
      await expect(session.calls.removeHandler({ registration })).rejects.toMatchObject({
        status: 404,
        code: "no-such-handle",
      });
    }
    const { objects } = await session.calls.replay({ informer: nodes, registration: undefined });
    await vi.waitFor(
      () => {
        const { [first]: one, [third]: other } = informer().registrations;
        expect(one?.delivered).toBeGreaterThanOrEqual(2 * objects);
        expect(other?.delivered).toBeGreaterThanOrEqual(2 * objects);
      },
      { timeout: 20_000, interval: 20 },
    );
    expect(informer().registrations[second]).toBeUndefined();
  });
});
