import type { Timer } from "#lib/clock/index.ts";
import { refOf } from "../api/local-client.ts";
import type { ScenarioContext } from "./context.ts";
import type { NodeShape } from "./node.ts";
import { setStage } from "./stage.ts";

interface ChurnOptions {
  readonly writesPerSecond: number;
}

const podCount = 400;
const turnMs = 50;
const revisionLabel = "kube-inflight/revision";
/** Every so many writes a pod is deleted; the next write to it brings it back. */
const writesPerDeletion = 20;

const nodes = Array.from({ length: 12 }, (_, index): NodeShape => ({
  name: `node-${String(index + 1).padStart(2, "0")}`,
  zone: ["eu-1a", "eu-1b", "eu-1c"][index % 3] ?? "eu-1a",
  pool: "general",
  cpu: 16,
  memoryGi: 64,
}));

/** Load: 12 nodes, 400 pods that are placed already, and as many writes a second as are asked for. */
export function startChurn(context: ScenarioContext, { writesPerSecond }: ChurnOptions): () => void {
  const { client, clock, random } = context;
  setStage(context, { nodes, namespaces: ["load"], workloads: [] });
  const create = (index: number): void => {
    const metadata = { namespace: "load", name: `load-${index}`, labels: { app: "load" } };
    const resources = { requests: { cpu: "100m", memory: "64Mi" } };
    const containers = [{ name: "main", image: "registry.example/load:1", resources }];
    client.create("pods", { metadata, spec: { containers, nodeName: nodes[index % nodes.length]?.name } });
  };
  for (let index = 0; index < podCount; index++) create(index);
  let written = 0;
  const writeOne = (): void => {
    const index = Math.floor(random() * podCount);
    const ref = { plural: "pods", namespace: "load", name: `load-${index}` };
    written++;
    const pod = client.get(ref);
    if (pod === undefined) create(index);
    else if (written % writesPerDeletion === 0) client.deleteIfPresent(refOf("pods", pod));
    else client.patchIfPresent(ref, { metadata: { labels: { [revisionLabel]: String(written) } } });
  };
  const startedAt = clock.now();
  let timer: Timer;
  const writeLater = (): void => {
    timer = clock.setTimer(turnMs, () => {
      // By what is due, not by turns: a timer that comes late is made up for.
      const due = Math.min(Math.floor(((clock.now() - startedAt) / 1000) * writesPerSecond), written + writesPerSecond);
      for (let left = due - written; left > 0; left--) writeOne();
      writeLater();
    });
  };
  writeLater();
  return () => timer.cancel();
}
