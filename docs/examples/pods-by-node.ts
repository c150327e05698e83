/** How many pods each node runs, from a shared informer, as they come and go. Ctrl-C ends it. */
import { ClusterInformers, lastState, type Pod } from "kube-inflight/informer";

const informers = new ClusterInformers(); // the kubeconfig's current context, which is only read
const podsOn = new Map<string, number>();

function count({ metadata, spec }: Pod, change: number): void {
  if (spec?.nodeName === undefined) return;
  podsOn.set(spec.nodeName, (podsOn.get(spec.nodeName) ?? 0) + change);
  if (counting.hasSynced) console.log(metadata?.name, change > 0 ? "came to" : "left", spec.nodeName);
}

const counting = informers.addEventHandler<Pod>("v1/pods", {
  onAdd: (pod) => count(pod, 1),
  onUpdate: (before, after) => {
    if (before.spec?.nodeName !== after.spec?.nodeName) count(after, 1); // it was bound
  },
  onDelete: (deleted) => count(lastState(deleted), -1),
});
const waiting = informers.addEventHandler("v1/pods", {}); // shares the informer and its cache
await Promise.all([counting.synced, waiting.synced]);
console.log(`${informers.informer("v1/pods")?.store.size} pods on ${podsOn.size} nodes`);
informers.removeEventHandler(waiting); // exactly this one: the other goes on counting
process.once("SIGINT", () => void informers.stop());
