/**
 * A sequence in which every pod fits whatever was chosen before, or nowhere: then chance decides on which node a pod
 * lands, and nothing else. kube-scheduler and our own loop have to bind the same pods.
 */
import { join } from "node:path";
import { KubeApi } from "#e2e/kube-api.ts";
import { RunningServer } from "#e2e/running-server.ts";
import { expect, test } from "./fixtures.ts";

// Whoever binds is asked through the API: nobody needs a page, nor a server that is attached.
test.use({ storageState: undefined, baseURL: undefined });

const namespace = "inflight-same";
const nodeCount = 6;
const pools = ["blue", "green", "red"] as const;

/** What a pod asks for besides a little CPU. */
interface Wish {
  readonly name: string;
  readonly cpu?: string;
  readonly pool?: string;
  readonly tolerates?: boolean;
  readonly gate?: boolean;
}

test("kube-scheduler and our loop bind the same pods, wave by wave", async ({ controlPlane, api }) => {
  test.skip(!controlPlane.isOurs, "other pods of a given cluster would take part");
  const server = await RunningServer.start(["--demo", "--scenario", "empty"]);
  try {
    const embedded = new KubeApi(join(server.stateDir, "demo.kubeconfig"));
    const [theirs, ours] = await Promise.all([play(api), play(embedded)]);
    expect(theirs.map(({ bound }) => bound.length)).toEqual([60, 70, 90, 110, 111]);
    expect(ours).toEqual(theirs);
  } finally {
    await server.stop();
    await api.request("DELETE", `/api/v1/namespaces/${namespace}/pods?gracePeriodSeconds=0`);
    for (let index = 0; index < nodeCount + 2; index++) await api.request("DELETE", `/api/v1/nodes/same-${index}`);
  }
});

interface Wave {
  readonly bound: readonly string[];
  readonly unschedulable: readonly string[];
}

/** All small pods together fit on every single node; what is too large is larger than any node. */
async function play(api: KubeApi): Promise<readonly Wave[]> {
  const waves: Wave[] = [];
  const created: string[] = [];
  const wave = async (wishes: readonly Wish[], bound: number): Promise<void> => {
    await Promise.all(wishes.map((wish) => api.request("POST", `/api/v1/namespaces/${namespace}/pods`, podOf(wish))));
    created.push(...wishes.map(({ name }) => name));
    const settled = async () => {
      const one = await stateOf(api);
      return [one.bound.length, one.bound.length + one.unschedulable.length];
    };
    await expect.poll(settled, { timeout: 120_000 }).toEqual([bound, created.length]);
    waves.push(await stateOf(api));
  };
  await api.createNamespace(namespace);
  for (let index = 0; index < nodeCount; index++) await createNode(api, index);

  await wave([...many("small", 60), ...many("large", 20, { cpu: "64" })], 60);
  // Each pool has nodes of its own; nobody has the last one. A taint keeps away who does not tolerate it.
  const taint = { key: "dedicated", value: "yes", effect: "NoSchedule" };
  await createNode(api, nodeCount, "reserved");
  await api.patch(`/api/v1/nodes/same-${nodeCount}`, { spec: { taints: [taint] } });
  await wave(
    [
      ...many("reserved", 10, { pool: "reserved" }),
      ...many("tolerant", 10, { pool: "reserved", tolerates: true }),
      ...many("gated", 1, { gate: true }),
    ],
    70,
  );
  await wave([...many("blue", 20, { pool: "blue" }), ...many("nowhere", 5, { pool: "white" })], 90);
  // A node on which what was too large fits, all of it.
  await createNode(api, nodeCount + 1, "giant", "6400");
  await wave([], 110);
  await api.patch(`/api/v1/namespaces/${namespace}/pods/gated-0`, { spec: { schedulingGates: null } });
  await wave([], 111);
  return waves;
}

function many(name: string, count: number, wish: Omit<Wish, "name"> = {}): readonly Wish[] {
  return Array.from({ length: count }, (_, index) => ({ ...wish, name: `${name}-${index}` }));
}

function podOf({ name, cpu = "10m", pool, tolerates = false, gate = false }: Wish): unknown {
  const container = { name: "main", image: "none.invalid/none", resources: { requests: { cpu, memory: "1Mi" } } };
  return {
    metadata: { name },
    spec: {
      automountServiceAccountToken: false,
      containers: [container],
      ...(pool === undefined ? {} : { nodeSelector: { pool } }),
      ...(tolerates ? { tolerations: [{ key: "dedicated", operator: "Exists" }] } : {}),
      ...(gate ? { schedulingGates: [{ name: "example.com/later" }] } : {}),
    },
  };
}

async function createNode(api: KubeApi, index: number, pool?: string, cpu = "32"): Promise<void> {
  const labels = { pool: pool ?? pools[index % pools.length] ?? "" };
  await api.createNode(`same-${index}`, { cpu, labels });
}

/** Names, sorted. */
async function stateOf(api: KubeApi): Promise<Wave> {
  const pods = await api.pods(namespace);
  const bound = pods.filter(({ spec }) => spec.nodeName !== undefined);
  const unschedulable = pods.filter(
    ({ spec, status }) =>
      spec.nodeName === undefined &&
      status.conditions?.some(({ type, status: is }) => type === "PodScheduled" && is === "False") === true,
  );
  const names = (of: typeof pods): string[] => of.map(({ metadata }) => metadata.name).sort();
  return { bound: names(bound), unschedulable: names(unschedulable) };
}
