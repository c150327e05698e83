import { Agent, request } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FaultRequest, JsonObject } from "#lib/protocol/index.ts";
import { textAt } from "../storage/api-object.ts";
import { ApiClient, summary } from "../testing/api-client.ts";
import { aConfigMap, startTestCluster, type TestCluster } from "../testing/test-cluster.ts";

const faults = "/apis/embedded.kube-inflight.dev/v1/faults";
const maps = "/api/v1/namespaces/default/configmaps";

let cluster: TestCluster;

beforeEach(async () => {
  cluster = await startTestCluster();
  await cluster.client.post(maps, aConfigMap("a"));
});

afterEach(() => cluster.stop());

async function add(fault: FaultRequest): Promise<string> {
  const { status, body } = await cluster.client.post(faults, { ...fault });
  expect([status, body]).toEqual([201, expect.objectContaining({ kind: fault.kind })]);
  return textAt(body, "id");
}

/** As its bytes come: a fault may be no JSON. */
async function raw(path: string): Promise<{ readonly status: number; readonly text: string; readonly end: string }> {
  const dispatcher = new Agent({ connect: { ca: cluster.client.authority } });
  const headers = { authorization: `Bearer ${/token: "([^"]+)"/.exec(cluster.kubeconfig)?.[1]}` };
  let text = "";
  try {
    const { statusCode, body } = await request(cluster.server + path, { dispatcher, headers });
    try {
      for await (const piece of body) text += String(piece);
      return { status: statusCode, text, end: "ended" };
    } catch {
      return { status: statusCode, text, end: "broke off" };
    }
  } catch {
    return { status: 0, text, end: "no answer" };
  } finally {
    await dispatcher.destroy();
  }
}

const version = async () => textAt((await cluster.client.get(maps)).body, "metadata", "resourceVersion");

describe("the faults of a server", () => {
  it("are listed, switched on and off, for whoever has the token", async () => {
    const { client } = cluster;
    const id = await add({ kind: "slow", resource: "v1/pods", verbs: ["list"], delayMs: 5 });
    expect((await client.get(faults)).body).toMatchObject({ on: { [id]: { kind: "slow", delayMs: 5 } }, ended: {} });
    expect((await client.delete(`${faults}/${id}`)).status).toBe(200);
    expect((await client.delete(`${faults}/${id}`)).status).toBe(404);
    await add({ kind: "drop" });
    expect((await client.delete(faults)).status).toBe(200);
    expect((await client.get(faults)).body).toMatchObject({ on: {} });
    const stranger = new ApiClient(cluster.kubeconfig.replace(/token: .*/, 'token: "another"'));
    const refused = [await stranger.get(faults), await stranger.post(faults, { kind: "drop" })];
    expect(refused.map(({ status }) => status)).toEqual([401, 401]);
    await stranger.close();
  });

  it.each([
    [{ kind: "nothing" }, "kind"],
    [{ kind: "refuse" }, "durationMs"],
    [{ kind: "drop", resource: "v1/nothing" }, "v1/nothing"],
    [{ kind: "drop", more: 1 }, "more"],
  ])("refuses %j", async (fault, says) => {
    const { status, body } = await cluster.client.post(faults, fault);
    expect([status, textAt(body, "message")]).toEqual([400, expect.stringContaining(says)]);
  });

  it("leave alone what is out of scope: other resources, single objects, writes", async () => {
    await add({ kind: "drop", resource: "v1/configmaps" });
    const { client } = cluster;
    const answers = [
      await client.get("/api/v1/pods"),
      await client.get(`${maps}/a`),
      await client.post(maps, aConfigMap("b")),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 201]);
    await expect(client.get(maps)).rejects.toThrow();
  });
});

describe("a list", () => {
  it.each([
    ["drop", 0, "no answer"],
    ["throttle", 429, "ended"],
    ["error", 500, "ended"],
    ["unauthorized", 401, "ended"],
    ["garbage", 200, "ended"],
    ["half", 200, "broke off"],
  ] as const)("under %s is answered with %d, and %s", async (kind, status, end) => {
    const whole = (await raw(maps)).text;
    await add({ kind, verbs: ["list"] });
    const answer = await raw(maps);
    expect(answer).toMatchObject({ status, end });
    if (status === 0) return;
    if (kind === "half") expect(whole.startsWith(answer.text)).toBe(true);
    else if (kind === "garbage") expect(() => JSON.parse(answer.text)).toThrow();
    else expect(JSON.parse(answer.text)).toMatchObject({ kind: "Status", code: status });
  });

  it("says when to come back under throttle", async () => {
    await add({ kind: "throttle", retryAfterSeconds: 7 });
    const { headers, body } = await cluster.client.get(maps);
    expect([headers["retry-after"], body]).toEqual(["7", expect.objectContaining({ reason: "TooManyRequests" })]);
  });

  it("waits under slow, and then reads what there is", async () => {
    await add({ kind: "slow", delayMs: 3_000 });
    const answer = cluster.client.get(maps);
    await cluster.clock.settle();
    await expect.poll(() => cluster.faults.state.on["fault-1"]?.hits.lists).toBe(1);
    await cluster.client.post(maps, aConfigMap("late"));
    await cluster.clock.advance(3_000);
    const names = ((await answer).body["items"] as JsonObject[]).map((item) => textAt(item, "metadata", "name"));
    expect(names).toEqual(["a", "late"]);
  });

  it("is too old under 410 only where it names a version", async () => {
    await add({ kind: "gone" });
    const statuses = ["", "?resourceVersion=0", `?resourceVersion=${await version()}`].map(async (query) => {
      return (await cluster.client.get(maps + query)).status;
    });
    expect(await Promise.all(statuses)).toEqual([200, 200, 410]);
  });
});

describe("an open watch", () => {
  it.each(["drop", "throttle", "unauthorized"] as const)("ends under %s without a word", async (kind) => {
    const watch = await cluster.client.watch(`${maps}?resourceVersion=${await version()}`);
    await add({ kind });
    expect(await watch.next()).toBeUndefined();
  });

  it.each([
    ["gone", 410],
    ["error", 500],
  ] as const)("ends under %s with %d as its last event", async (kind, code) => {
    const watch = await cluster.client.watch(`${maps}?resourceVersion=${await version()}`);
    await add({ kind });
    expect(await watch.next()).toMatchObject({ type: "ERROR", object: { code } });
    expect(await watch.next()).toBeUndefined();
  });

  it("says under garbage what is no line, and under half it ends within one", async () => {
    const from = await version();
    const [first, second] = [
      await cluster.client.watch(`${maps}?resourceVersion=${from}`),
      await cluster.client.watch(`/api/v1/pods?resourceVersion=${from}`),
    ];
    await add({ kind: "garbage", resource: "v1/configmaps" });
    await expect(first.next()).rejects.toThrow(SyntaxError);
    await add({ kind: "half", resource: "v1/pods" });
    expect(await second.next()).toBeUndefined();
  });

  it.each(["garbage", "half"] as const)("that is asked for under %s says nothing that can be read", async (kind) => {
    await add({ kind, verbs: ["watch"] });
    const { status, text } = await raw(`${maps}?watch=true&resourceVersion=${await version()}`);
    expect([status, text.endsWith("\n")]).toEqual([200, kind === "garbage"]);
    expect(() => JSON.parse(text)).toThrow();
  });

  it("tells late under slow, and nothing is lost", async () => {
    const watch = await cluster.client.watch(`${maps}?resourceVersion=${await version()}`);
    await add({ kind: "slow", verbs: ["watch"], delayMs: 2_000 });
    await cluster.client.post(maps, aConfigMap("b"));
    await cluster.client.post(maps, aConfigMap("c"));
    const told = watch.take(2);
    await cluster.clock.advance(2_000);
    expect((await told).map(summary)).toEqual(["ADDED b", "ADDED c"]);
  });

  it("breaks under compact, and is told 410 when it comes back", async () => {
    const from = await version();
    const watch = await cluster.client.watch(`${maps}?resourceVersion=${from}`);
    await add({ kind: "compact", resource: "v1/configmaps", count: 1 });
    expect(await watch.next()).toBeUndefined();
    const again = await cluster.client.watch(`${maps}?resourceVersion=${from}`);
    expect(await again.next()).toMatchObject({ type: "ERROR", object: { code: 410 } });
    const nodes = await cluster.client.watch(`/api/v1/nodes?resourceVersion=${from}`);
    await cluster.client.post("/api/v1/nodes", { metadata: { name: "n" } });
    expect((await nodes.take(1)).map(summary)).toEqual(["ADDED n"]);
  });
});

describe("refuse", () => {
  it("breaks every connection and lets nobody in, until its time is over", async () => {
    const watch = await cluster.client.watch(`${maps}?resourceVersion=${await version()}`);
    cluster.faults.add({ kind: "refuse", durationMs: 1_000 });
    expect(await watch.next()).toBeUndefined();
    await expect(cluster.client.get(maps)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await cluster.clock.advance(1_000);
    await expect.poll(async () => (await raw(maps)).status).toBe(200);
    // Once more: the same server listens on the same port again.
    cluster.faults.add({ kind: "refuse" });
    await expect(cluster.client.get(maps)).rejects.toThrow();
    cluster.faults.clear();
    cluster.faults.add({ kind: "refuse" });
    cluster.faults.clear();
    await expect.poll(async () => (await raw(maps)).status).toBe(200);
  });
});
