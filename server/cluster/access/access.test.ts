import { describe, expect, it } from "vitest";
import { apiStatusError } from "#lib/informer/index.ts";
import { expectToKeepContract } from "../testing/contract.ts";
import { aHandler, FakeCluster } from "../testing/fake-cluster.ts";
import { buildInformers } from "../views/informers.ts";
import { forbiddenOf } from "./forbidden.ts";

const claims = "resource.k8s.io/v1/resourceclaims";
const message =
  'resourceclaims.resource.k8s.io is forbidden: User "system:serviceaccount:inflight:viewer" cannot list resource "resourceclaims" in API group "resource.k8s.io" at the cluster scope';

async function situation() {
  const cluster = new FakeCluster();
  const { board, clock } = cluster;
  const refuse = (): void => {
    const refused = apiStatusError({ kind: "Status", code: 403, reason: "Forbidden", message }, 403);
    cluster.source(claims).failNext("list", refused);
    cluster.source(claims).failNext("watch", refused);
  };
  for (let time = 0; time < 50; time++) refuse();
  const allow = (key: string, may: boolean): void => {
    for (const verb of ["get", "list", "watch"]) cluster.mayRead.set(`${verb} ${key}`, may);
  };
  const rows = () => {
    const built = buildInformers(cluster.views);
    expectToKeepContract("informers", built);
    return built.informers;
  };
  const grant = (): void => {
    cluster.source(claims).forgive();
    allow("resourceclaims", true);
  };
  return { cluster, board, clock, allow, rows, grant };
}

describe("an informer that is forbidden", () => {
  it("says which verbs on what for whom, which commands grant them, and when it is asked again", async () => {
    const { board, clock, allow, rows } = await situation();
    allow("resourceclaims", false);
    allow("nodes", true);
    board.addHandler(claims, aHandler());
    board.addHandler("v1/nodes", aHandler());
    await clock.settle();
    const { [claims]: refused, "v1/nodes": nodes } = rows();
    const role = "kube-inflight-resourceclaims.resource.k8s.io";
    expect(refused?.forbidden).toEqual({
      verbs: ["get", "list", "watch"],
      resource: "resourceclaims",
      group: "resource.k8s.io",
      user: "system:serviceaccount:inflight:viewer",
      commands: [
        `kubectl --context prod create clusterrole ${role} --verb=get,list,watch --resource=resourceclaims.resource.k8s.io`,
        `kubectl --context prod create clusterrolebinding ${role} --clusterrole=${role} --serviceaccount=inflight:viewer`,
      ],
      checkedAt: clock.now(),
      recheckAt: clock.now() + 30_000,
    });
    expect(refused?.access).toMatchObject({ get: false, list: false, watch: false });
    // What still works is known too, and nothing else is forbidden.
    expect(nodes?.access).toMatchObject({ get: true, list: true, watch: true });
    expect([nodes?.forbidden, nodes?.hasSynced]).toEqual([undefined, true]);
  });

  it("recovers by itself within 30 s after it was granted, however long its backoff is by then", async () => {
    const { cluster, board, clock, allow, rows, grant } = await situation();
    allow("resourceclaims", false);
    const { registrations } = board.addHandler(claims, aHandler());
    await clock.advance(100_000);
    const before = rows()[claims];
    expect(before?.forbidden?.checkedAt).toBe(clock.now() - 10_000);
    cluster.source(claims).create("shop", "a");
    grant();
    await clock.advance(20_000);
    const after = rows()[claims];
    expect([after?.reflector.phase, after?.hasSynced, after?.objects]).toEqual(["watching", true, 1]);
    expect([after?.forbidden, after?.problem]).toEqual([undefined, undefined]);
    expect(board.entry(registrations[0] ?? 0)?.registration.delivered).toBe(1);
    // Nothing is forbidden any more: nobody asks on.
    await clock.advance(30_000);
    expect(board.access.nextAt).toBeUndefined();
    expect(rows()[claims]?.access).toBeUndefined();
  });

  it("tries every 30 s where the server does not say what is allowed", async () => {
    const { board, clock, rows, cluster } = await situation();
    board.addHandler(claims, aHandler());
    await clock.advance(110_000);
    expect(rows()[claims]?.forbidden).toMatchObject({ verbs: ["list"], recheckAt: clock.now() + 10_000 });
    cluster.source(claims).forgive();
    await clock.advance(10_000);
    expect(rows()[claims]).toMatchObject({ hasSynced: true, reflector: { phase: "watching" } });
  });

  it("waits for no review longer than five seconds", async () => {
    const { cluster, board, clock, allow, rows } = await situation();
    allow("resourceclaims", false);
    cluster.holdReviews();
    board.addHandler(claims, aHandler());
    await clock.advance(4_000);
    expect(board.access.nextAt).toBeUndefined();
    await clock.advance(1_000);
    expect(rows()[claims]?.forbidden).toMatchObject({ verbs: ["list"], recheckAt: clock.now() + 30_000 });
  });

  it("asks nobody after it was stopped", async () => {
    const { board, clock, allow } = await situation();
    allow("resourceclaims", false);
    board.addHandler(claims, aHandler());
    await clock.settle();
    await board.stop();
    expect(clock.nextTimerAt).toBeUndefined();
  });
});

describe("what is missing", () => {
  const of = (said: string, more: Partial<Parameters<typeof forbiddenOf>[0]> = {}) =>
    forbiddenOf({
      message: said,
      resource: { group: "", version: "v1", resource: "pods" },
      namespace: undefined,
      context: undefined,
      access: undefined,
      ...more,
    });

  it.each([
    ['pods is forbidden: User "jane" cannot watch resource "pods" in API group ""', "jane", ["watch"]],
    ['403 Forbidden pods: User "a \\"b\\"" cannot list resource "pods": RBAC: not found', 'a "b"', ["list"]],
    ["the gateway says no", "", ["list", "watch"]],
  ])("is read from %j", (said, user, verbs) => {
    expect(of(said)).toMatchObject({ user, verbs, resource: "pods", group: "" });
  });

  it("is quoted for the shell, and asks kubectl who we are where nobody said", () => {
    expect(of('User "o\'neil & co" cannot list resource "pods"', { context: "my cluster" }).commands).toEqual([
      "kubectl --context 'my cluster' create clusterrole kube-inflight-pods --verb=get,list,watch --resource=pods",
      "kubectl --context 'my cluster' create clusterrolebinding kube-inflight-pods --clusterrole=kube-inflight-pods --user='o'\\''neil & co'",
    ]);
    expect(of("no").commands[1]).toContain(`--user="$(kubectl auth whoami -o jsonpath=`);
  });

  it("is what the reviews found, if they found anything", () => {
    const access = { get: true, list: true, watch: false, checkedAt: 1 };
    expect(of('User "jane" cannot list resource "pods"', { access }).verbs).toEqual(["watch"]);
  });
});
