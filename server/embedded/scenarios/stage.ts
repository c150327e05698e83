import type { ScenarioContext } from "./context.ts";
import { newNode, type NodeShape } from "./node.ts";
import { newWorkload, pluralOf, type Workload } from "./workload.ts";

/** What stands when a scenario begins. */
interface Stage {
  readonly nodes: readonly NodeShape[];
  readonly namespaces?: readonly string[];
  readonly priorityClasses?: readonly (readonly [name: string, value: number])[];
  readonly workloads: readonly Workload[];
}

export function setStage({ client, clock }: ScenarioContext, stage: Stage): void {
  const now = new Date(clock.now()).toISOString().replace(/\.\d+/, "");
  for (const [name, value] of stage.priorityClasses ?? [])
    client.create("priorityclasses", { metadata: { name }, value });
  for (const name of stage.namespaces ?? []) client.create("namespaces", { metadata: { name } });
  for (const node of stage.nodes) client.create("nodes", newNode(node, now));
  for (const workload of stage.workloads) client.create(pluralOf(workload), newWorkload(workload));
}
