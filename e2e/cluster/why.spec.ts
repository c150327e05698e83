/** What the diagnosis says beside the real kube-scheduler: the same counts, the code that the situation has, a cure that cures. */
import { z } from "zod";
import { diagnosisReport, type Patch } from "#lib/protocol/index.ts";
import type { KubeApi } from "#e2e/kube-api.ts";
import { expect, test } from "./fixtures.ts";
import { ServedCluster } from "./served.ts";

const namespace = "inflight-why";

interface Situation {
  readonly name: string;
  readonly code: string;
  readonly spec?: object;
  readonly requests?: Readonly<Record<string, string>>;
  /** Whether its first near miss, applied as it stands, gets the pod bound. */
  readonly isCurable?: boolean;
}

/** In this order: those that are cured open a node, or fill one. */
const situations: readonly Situation[] = [
  { name: "short", code: "near-resource", spec: { nodeSelector: { story: "small" } }, requests: { cpu: "2100m" } },
  { name: "no-label", code: "no-label", spec: { nodeSelector: { rack: "7" } } },
  { name: "no-match", code: "no-match", spec: { nodeSelector: { story: "smaller" } } },
  { name: "too-large", code: "no-fit", requests: { cpu: "400" } },
  {
    name: "no-claim",
    code: "claim-missing",
    spec: { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "none" } }] },
  },
  { name: "gated", code: "gated", spec: { schedulingGates: [{ name: "example.com/quota" }] } },
  { name: "tolerate", code: "near-toleration", requests: { cpu: "90" }, isCurable: true },
  { name: "uncordon", code: "near-cordon", requests: { cpu: "50" }, isCurable: true },
];

test.beforeAll(async ({ api }) => {
  await api.createNamespace(namespace);
  const taints = [{ key: "spot", value: "true", effect: "NoSchedule" }];
  await api.createNode("why-tainted", { cpu: "100", labels: { story: "tainted" }, taints });
  await api.createNode("why-cordoned", { cpu: "64", labels: { story: "cordoned" } });
  await api.patch("/api/v1/nodes/why-cordoned", { spec: { unschedulable: true } });
  await api.createNode("why-small", { cpu: "2", labels: { story: "small" } });
});

test.afterAll(async ({ api }) => {
  await api.request("DELETE", `/api/v1/namespaces/${namespace}/pods?gracePeriodSeconds=0`);
  for (const name of ["tainted", "cordoned", "small"]) await api.request("DELETE", `/api/v1/nodes/why-${name}`);
});

for (const { name, code, spec = {}, requests = { cpu: "100m" }, isCurable = false } of situations) {
  test(`${name} is ${code}, and kube-scheduler agrees`, async ({ api, server }) => {
    const cluster = await ServedCluster.connected(server);
    await api.request("POST", `/api/v1/namespaces/${namespace}/pods`, {
      metadata: { name },
      spec: {
        automountServiceAccountToken: false,
        containers: [{ name: "main", image: "none.invalid/none", resources: { requests } }],
        ...spec,
      },
    });
    const diagnosis = async (): Promise<z.infer<typeof diagnosisReport>["pod"] | undefined> => {
      const path = `/api/clusters/${cluster.id}/pods/${namespace}/${name}/diagnosis`;
      const { status, body } = await server.api("GET", path);
      return status === 200 ? diagnosisReport.parse(body).pod : undefined;
    };
    const said = code === "gated" ? "silent" : "agrees";
    await expect
      .poll(async () => {
        const pod = await diagnosis();
        return { code: pod?.verdict.code, comparison: pod?.comparison.state };
      })
      .toEqual({ code, comparison: said });
    const { comparison, nearMisses } = (await diagnosis()) ?? {};
    if (said === "agrees")
      expect(comparison?.message).toContain((comparison?.ourMessage ?? "nothing").replace(/\.$/, ""));
    if (!isCurable) return;

    const [first] = nearMisses ?? [];
    if (first === undefined) throw new Error("expected a change that opens a node");
    await apply(api, first.patch);
    await expect
      .poll(async () => (await api.pods(namespace)).find(({ metadata }) => metadata.name === name)?.spec.nodeName)
      .toBe(first.nodeNames[0]);
  });
}

const plurals: Readonly<Record<string, string>> = { Pod: "pods", Node: "nodes" };

/** As the page gives it to copy: a JSON patch, or the deletion of an object. */
async function apply(api: KubeApi, { op, target, value }: Patch): Promise<void> {
  const plural = z.string().parse(plurals[target.kind]);
  const scope = target.namespace === undefined ? "" : `/namespaces/${target.namespace}`;
  const subresource = target.subresource === undefined ? "" : `/${target.subresource}`;
  const path = `/api/v1${scope}/${plural}/${target.name}${subresource}`;
  if (op === "delete") await api.request("DELETE", path);
  else await api.request("PATCH", path, [{ op, path: target.path, value }], "application/json-patch+json");
}
