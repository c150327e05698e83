import type { PodDetail } from "#lib/protocol/index.ts";
import type { JudgedPod } from "../diagnosis/index.ts";
import { isHeldByKueue } from "../statements/index.ts";

/** What one can do, where it is not to change the pod or a node. */
export function adviceFor({ pod, verdict, workload }: JudgedPod): Pick<PodDetail, "advice"> {
  const { namespace = "", name = "" } = pod.metadata;
  const recreate = `kubectl -n ${namespace} delete pod ${name}`;
  const who =
    workload === undefined
      ? "Nobody makes a new one: keep its manifest."
      : `Its ${workload.kind} makes a new one, which is tried at once.`;
  const waitOrRecreate = { text: `Wait for the flush, or recreate the pod. ${who}`, command: recreate };
  const advice: Partial<Record<typeof verdict.code, PodDetail["advice"]>> = {
    "missed-event": waitOrRecreate,
    "flush-overdue": waitOrRecreate,
    lost: waitOrRecreate,
    "no-scheduler": {
      text: "Start a scheduler of that name, or name another one in the pod's template.",
      command: "kubectl -n kube-system get lease,pods -l component=kube-scheduler",
    },
    "claim-missing": { text: "Create the claim, or name another one.", command: `kubectl -n ${namespace} get pvc` },
    gated: isHeldByKueue(pod)
      ? {
          text: "Kueue removes its gate once it admits the Workload. What it waits for, it says itself.",
          command: `kubectl -n ${namespace} get workloads.kueue.x-k8s.io`,
        }
      : {
          text: "Whoever put the gate there removes it: a controller, or a person.",
          command: `kubectl -n ${namespace} get pod ${name} -o jsonpath='{.spec.schedulingGates}'`,
        },
    "stale-nomination": { text: "The next attempt clears it. Recreating the pod does so at once.", command: recreate },
    "no-nodes": { text: "Add a node.", command: "kubectl get nodes" },
  };
  const found = advice[verdict.code];
  return found === undefined ? {} : { advice: found };
}
