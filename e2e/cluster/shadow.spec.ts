/** Attached, read-only, to a real kube-apiserver and kube-scheduler: what moves there moves here, and nothing is written. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { expect, test } from "#e2e/fixtures.ts";
import { z } from "zod";
import { AuditLog } from "./audit-log.ts";
import { KubeApi, type ApiPod } from "#e2e/kube-api.ts";
import { grantReading } from "./reader-role.ts";

const { KUBECONFIG: kubeconfig = "", KUBE_INFLIGHT_CONTROL_PLANE: folder } = process.env;
/** Where it is ours we attach as somebody who may only read, so that the audit log can tell us from the tests. */
const attachedAs = folder === undefined ? kubeconfig : join(folder, "kubeconfig-viewer");

test.use({ serverArgs: [["--kubeconfig", attachedAs], { scope: "worker" }] });

const namespace = "inflight-shadow";
const giant = "inflight-giant";
const nodes = ["inflight-1", "inflight-2", "inflight-3", "inflight-4", "inflight-5", giant];
const fitting = 150;
const tooLarge = 50;

const api = new KubeApi(kubeconfig);
const registrationIds = z.object({ registrations: z.array(z.number()) });

test.beforeAll(async () => {
  if (folder !== undefined) await grantReading(api, "viewer");
  await api.request("POST", "/api/v1/namespaces", { metadata: { name: namespace } });
});

test.afterAll(async () => {
  await api.request("DELETE", `/api/v1/namespaces/${namespace}/pods?gracePeriodSeconds=0`);
  for (const name of nodes) await api.request("DELETE", `/api/v1/nodes/${name}`);
});

test("200 pods on 5 nodes: registrations and queue move with the cluster", async ({ page, server }) => {
  await page.goto(`/informers?resource=v1/pods`);
  await expect(page.getByRole("heading", { level: 1, name: "Informers" })).toBeVisible();
  await expect(page.getByText(/shadow/i).first()).toBeVisible();

  const cluster = await onlyCluster(server);
  const handlers = `/api/clusters/${cluster}/informers/${encodeURIComponent("v1/pods")}/handlers`;
  const filter = { namespace };
  const added = await server.api("POST", handlers, { kind: "count", owner: "e2e", times: 3, filter });
  const [first = 0, second = 0, third = 0] = registrationIds.parse(added.body).registrations;

  for (const name of nodes.slice(0, 5)) await api.createNode(name, { cpu: "32" });
  await createPods("fits", fitting, "100m");
  await createPods("large", tooLarge, "64");
  await expect.poll(async () => settled(await api.pods(namespace)), { timeout: 120_000 }).toBe(fitting + tooLarge);

  const delivered = (id: number) => page.getByTestId(`handler-delivered-${id}`);
  for (const id of [first, second, third]) await expect(delivered(id)).not.toHaveText("0");

  await page.goto("/queue");
  await expect(
    page
      .getByRole("listbox", { name: /unschedulable/i })
      .getByRole("option")
      .first(),
  ).toBeVisible();
  await expect.poll(() => parkedOrWaiting(server, cluster), { timeout: 120_000 }).toBe(tooLarge);

  const removed = await server.api("DELETE", `/api/clusters/${cluster}/handlers/${second}`);
  expect(removed.status).toBe(200);
  await page.goto(`/informers?resource=v1/pods`);
  const before = Number((await delivered(first).innerText()).replaceAll(",", ""));
  await createPods("later", 5, "100m");
  await expect
    .poll(async () => Number((await delivered(first).innerText()).replaceAll(",", "")))
    .toBeGreaterThan(before);
  const heard = async (id: number) => delivered(id).innerText();
  await expect.poll(async () => (await heard(third)) === (await heard(first)), { timeout: 60_000 }).toBe(true);
  await expect(delivered(second)).toHaveCount(0);
});

test("a pod that fits at last leaves the queue when kube-scheduler binds it", async ({ server }) => {
  const cluster = await onlyCluster(server);
  await api.createNode(giant, { cpu: "6400" });
  await expect
    .poll(async () => (await api.pods(namespace)).filter((pod) => pod.spec.nodeName === undefined).length, {
      timeout: 120_000,
    })
    .toBe(0);
  await expect.poll(() => parkedOrWaiting(server, cluster), { timeout: 60_000 }).toBe(0);
});

test("the audit log shows no write of ours", () => {
  test.skip(folder === undefined, "the audit log of a given cluster cannot be read");
  const log = new AuditLog(readFileSync(join(folder ?? "", "audit.log"), "utf8"));
  expect(log.writesBy("admin").length).toBeGreaterThan(fitting);
  expect(log.writesBy("viewer")).toEqual([]);
});

interface Server {
  api(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
}

async function onlyCluster(server: Server): Promise<string> {
  const list = z.object({ clusters: z.array(z.object({ id: z.string() })) });
  const { clusters } = list.parse((await server.api("GET", "/api/clusters")).body);
  expect(clusters).toHaveLength(1);
  return clusters[0]?.id ?? "";
}

/** Pods that our queue holds anywhere, in flight included. */
async function parkedOrWaiting(server: Server, cluster: string): Promise<number> {
  const count = z.object({ count: z.number() });
  const queue = z.object({
    lanes: z.object({ active: count, backoff: count, unschedulable: count, gated: count }),
    events: z.object({ pods: z.record(z.string(), z.unknown()) }),
  });
  const { lanes, events } = queue.parse((await server.api("GET", `/api/clusters/${cluster}/queue`)).body);
  const waiting = Object.values(lanes).reduce((sum, lane) => sum + lane.count, 0);
  return waiting + Object.keys(events.pods).length;
}

/** Bound, or said to be unschedulable. */
function settled(pods: readonly ApiPod[]): number {
  return pods.filter(({ spec, status }) => {
    const scheduled = status.conditions?.find(({ type }) => type === "PodScheduled");
    return spec.nodeName !== undefined || scheduled?.status === "False";
  }).length;
}

async function createPods(prefix: string, count: number, cpu: string): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  await Promise.all(names.map((name) => api.createPod(namespace, name, cpu)));
}
