import { z } from "zod";
import type { VerdictCode } from "./verdict.ts";

/** Of a pod in the embedded cluster: how long an attempt that fails keeps it in flight, however many others wait. */
export const attemptLabel = "kube-inflight/attempt";
export type AttemptLength = "short" | "long";

/** What the embedded cluster can play. Those that are about one stuck pod are named after the verdict, if that is theirs alone. */
export const scenarioName = z.enum([
  "busy",
  "small",
  "empty",
  "large",
  "churn",
  "stories",
  "no-fit",
  "near-resource",
  "near-toleration",
  "near-cordon",
  "no-match",
  "no-label",
  "no-fit-kind",
  "pod-limit",
  "ports",
  "spread",
  "affinity",
  "anti-affinity",
  "claim-missing",
  "volume-unbound",
  "volume-wait",
  "volume-zone",
  "volume-limit",
  "device-wait",
  "features",
  "no-nodes",
  "gated",
  "backoff",
  "plugin-error",
  "no-scheduler",
  "not-watched",
  "stale-nomination",
  "preempting",
  "not-started",
  "head-of-line",
  "historical-queue",
  "slow-handler",
  "leaked-handler",
  "shared-informer",
  "410-storm",
]);
export type ScenarioName = z.infer<typeof scenarioName>;

export interface Scenario {
  readonly group: ScenarioGroup;
  readonly title: string;
  /** One sentence. */
  readonly teaches: string;
  /** What to look at, and what to try. */
  readonly look: string;
  readonly page: "/" | "/queue" | "/informers";
  /** Of one pod that waits, in a namespace of its own: both have the name of the scenario, unless `pod` says otherwise: `any` of several. */
  readonly verdict?: VerdictCode;
  readonly pod?: { readonly namespace: string; readonly name: string } | "any";
  /** Of the page of informers. */
  readonly informer?: string;
}

export const scenarioGroups = [
  "Whole clusters",
  "No node takes it",
  "Other pods are in the way",
  "Volumes and devices",
  "Held, or on its way",
  "The scheduler",
  "Informers",
] as const;
export type ScenarioGroup = (typeof scenarioGroups)[number];

/** In the order in which they are offered. */
export const scenarios = {
  busy: {
    group: "Whole clusters",
    title: "A busy cluster",
    teaches: "Most pods that wait do so for a known reason: what needs somebody comes first.",
    look: "46 nodes and some 2,500 pods that come and go. The Overview sorts them by what has to be done.",
    page: "/",
  },
  stories: {
    group: "Whole clusters",
    title: "Every stuck pod at once",
    teaches: "Pending has many causes, and each has a verdict of its own.",
    look: "One pod for each verdict, named after it. Open any of them.",
    page: "/",
  },
  small: {
    group: "Whole clusters",
    title: "A handful of nodes",
    teaches: "A few nodes and pods are enough to follow every step by hand.",
    look: "Pause the scheduler on the Queue page and pop one pod at a time.",
    page: "/queue",
  },
  large: {
    group: "Whole clusters",
    title: "5,000 nodes",
    teaches: "What every plugin says to every node can be read at a glance also where there are thousands.",
    look: "Open the pod that waits, and group its nodes by zone or by reason.",
    page: "/",
    verdict: "no-fit",
    pod: { namespace: "large", name: "large" },
  },
  churn: {
    group: "Whole clusters",
    title: "200 writes a second",
    teaches: "Informers keep pace with a cluster that never rests, and the page stays calm.",
    look: "Events per second and the lag of each handler.",
    page: "/informers",
    informer: "v1/pods",
  },
  empty: {
    group: "Whole clusters",
    title: "Nothing at all",
    teaches: "An empty cluster to fill with kubectl: its kubeconfig is in the state directory.",
    look: "Create nodes and pods, and see them arrive.",
    page: "/",
  },
  "no-fit": {
    group: "No node takes it",
    title: "Too large for every node",
    teaches: "A request that is larger than any node waits forever, whatever else goes.",
    look: "Two nodes of 4 CPU, a request of 16. Ask what if it were 3.",
    page: "/",
    verdict: "no-fit",
  },
  "near-resource": {
    group: "No node takes it",
    title: "A hundred millicores short",
    teaches: "A node can be so nearly large enough that a slightly smaller request is the cure.",
    look: "By how much it is short, and the smaller request that would fit.",
    page: "/",
    verdict: "near-resource",
  },
  "near-toleration": {
    group: "No node takes it",
    title: "One toleration away",
    teaches: "Nodes that are tainted take only pods that tolerate the taint.",
    look: "The patch that adds the toleration: apply it, and the pod is bound.",
    page: "/",
    verdict: "near-toleration",
  },
  "near-cordon": {
    group: "No node takes it",
    title: "Somebody forgot to uncordon",
    teaches: "A cordoned node runs what it runs, and takes nothing new.",
    look: "The node that would take the pod, and the command that opens it again.",
    page: "/",
    verdict: "near-cordon",
  },
  "no-match": {
    group: "No node takes it",
    title: "A typing error in a selector",
    teaches: "A selector has to match to the letter, and the value that was meant is often there.",
    look: "What the pod asks for, beside what the nodes have.",
    page: "/",
    verdict: "no-match",
  },
  "no-label": {
    group: "No node takes it",
    title: "A label that no node has",
    teaches: "A selector for a label that nobody sets matches nothing, and the autoscaler cannot help.",
    look: "The label that is missing everywhere.",
    page: "/",
    verdict: "no-label",
  },
  "no-fit-kind": {
    group: "No node takes it",
    title: "All GPUs are taken",
    teaches: "Of all that a pod asks for, one scarce resource can decide alone.",
    look: "How many of the nodes have any, and that all of those are full.",
    page: "/",
    verdict: "no-fit-kind",
  },
  "pod-limit": {
    group: "No node takes it",
    title: "A node full of small pods",
    teaches: "A node runs so many pods and no more, however much CPU it has left.",
    look: "The row of the resource pods, with CPU to spare below.",
    page: "/",
    verdict: "pod-limit",
  },
  features: {
    group: "No node takes it",
    title: "A feature that no kubelet has",
    teaches: "Some specs need features that a node has to declare first.",
    look: "Which features are asked for.",
    page: "/",
    verdict: "features",
  },
  "no-nodes": {
    group: "No node takes it",
    title: "No nodes",
    teaches: "Without nodes nobody is rejected and nobody is placed.",
    look: "Create a node, and see the pod go.",
    page: "/",
    verdict: "no-nodes",
  },
  ports: {
    group: "Other pods are in the way",
    title: "The host port is taken",
    teaches: "A host port can be had once on each node.",
    look: "Which pod has the port.",
    page: "/",
    verdict: "ports",
  },
  spread: {
    group: "Other pods are in the way",
    title: "Spreading that cannot be met",
    teaches: "A zone whose only node is closed still counts, and holds all others back.",
    look: "How many run where, and the skew that is allowed.",
    page: "/",
    verdict: "spread",
  },
  affinity: {
    group: "Other pods are in the way",
    title: "Nobody to be near to",
    teaches: "Affinity to pods that do not run anywhere leaves no node.",
    look: "The selector that matches no pod.",
    page: "/",
    verdict: "affinity",
  },
  "anti-affinity": {
    group: "Other pods are in the way",
    title: "One on every node already",
    teaches: "Kept apart from its own kind, there can be no more of it than nodes.",
    look: "The pods that keep it away.",
    page: "/",
    verdict: "anti-affinity",
  },
  preempting: {
    group: "Other pods are in the way",
    title: "Room is being made",
    teaches: "A pod that preempts waits until its victims are gone.",
    look: "The node it was nominated to, and who is still leaving.",
    page: "/",
    verdict: "preempting",
  },
  "claim-missing": {
    group: "Volumes and devices",
    title: "The claim does not exist",
    teaches: "A pod waits for a claim of a name that nobody has created.",
    look: "The name of the claim. Create it, and see what is next.",
    page: "/",
    verdict: "claim-missing",
  },
  "volume-unbound": {
    group: "Volumes and devices",
    title: "The claim is not bound",
    teaches: "A claim that is bound at once has to be bound before its pod is placed.",
    look: "The claim, its storage class and its binding mode.",
    page: "/",
    verdict: "volume-unbound",
  },
  "volume-wait": {
    group: "Volumes and devices",
    title: "No volume for the claim",
    teaches: "A claim that waits for its first consumer needs a volume where that consumer could run.",
    look: "Which claim finds no match.",
    page: "/",
    verdict: "volume-wait",
  },
  "volume-zone": {
    group: "Volumes and devices",
    title: "The volume is in another zone",
    teaches: "A volume is where it was made, and its pod has to go there.",
    look: "The zone of the volume, beside those of the nodes.",
    page: "/",
    verdict: "volume-zone",
  },
  "volume-limit": {
    group: "Volumes and devices",
    title: "No room for another volume",
    teaches: "A driver attaches only so many volumes to a node.",
    look: "The node that would take the pod, but not its volume.",
    page: "/",
    verdict: "volume-limit",
  },
  "device-wait": {
    group: "Volumes and devices",
    title: "No such device is free",
    teaches: "A resource claim needs a device that somebody offers.",
    look: "The claim, and the class that it asks for.",
    page: "/",
    verdict: "device-wait",
  },
  gated: {
    group: "Held, or on its way",
    title: "Gated forever",
    teaches: "A gate that nobody removes keeps a pod out of every queue, and no event says so.",
    look: "The gate, and the patch that takes it away.",
    page: "/",
    verdict: "gated",
  },
  backoff: {
    group: "Held, or on its way",
    title: "Backing off",
    teaches: "Each failed attempt is followed by a longer wait.",
    look: "The attempts, and how the wait doubles.",
    page: "/",
    verdict: "backoff",
  },
  "head-of-line": {
    group: "Held, or on its way",
    title: "Never its turn",
    teaches:
      "A pod that fits can wait forever behind others of a higher priority that come faster than they are bound.",
    look: "Who is ahead of it, in activeQ.",
    page: "/",
    verdict: "queued",
    pod: { namespace: "queued", name: "queued" },
  },
  "stale-nomination": {
    group: "Held, or on its way",
    title: "Nominated to a node that is gone",
    teaches: "A nomination can outlive its node.",
    look: "The node that is named, and is not there.",
    page: "/",
    verdict: "stale-nomination",
  },
  "not-started": {
    group: "Held, or on its way",
    title: "Bound, and not started",
    teaches: "A pod that has a node is no problem of the scheduler: its kubelet is silent.",
    look: "The node, and since when.",
    page: "/",
    verdict: "not-started",
  },
  "plugin-error": {
    group: "The scheduler",
    title: "A plugin fails",
    teaches: "An attempt that ends in an error says nothing about nodes, and is retried all the same.",
    look: "Which plugin failed, and its own words.",
    page: "/",
    verdict: "plugin-error",
  },
  "no-scheduler": {
    group: "The scheduler",
    title: "Nobody schedules it",
    teaches: "A pod can name a scheduler that does not run any more.",
    look: "The Lease that is not renewed.",
    page: "/",
    verdict: "no-scheduler",
  },
  "not-watched": {
    group: "The scheduler",
    title: "Somebody else's pod",
    teaches: "A pod of another scheduler that is alive is not for us to judge.",
    look: "The scheduler that it names.",
    page: "/",
    verdict: "not-watched",
  },
  "historical-queue": {
    group: "The scheduler",
    title: "The queue that missed events",
    teaches:
      "With the event list of 1.28.0 a pod in flight could miss the event that frees it, and waited five minutes.",
    look: "The event that was lost, where a correct queue beside it would have put the pod, and the same story in the Lab.",
    page: "/",
    verdict: "missed-event",
    pod: "any",
  },
  "slow-handler": {
    group: "Informers",
    title: "A slow handler",
    teaches: "A handler that takes its time fills its own buffer, and delays nobody else.",
    look: "The pending bar and the lag of report-writer, beside those of the others.",
    page: "/informers",
    informer: "v1/pods",
  },
  "leaked-handler": {
    group: "Informers",
    title: "A leaked handler",
    teaches: "A controller that ends without removing its handlers leaves them running.",
    look: "What old-dashboard leaves: the handlers are marked, and can be removed one by one.",
    page: "/informers",
    informer: "v1/pods",
  },
  "shared-informer": {
    group: "Informers",
    title: "Two share an informer, one leaves",
    teaches: "Removing a registration removes exactly that one: the other goes on without a gap.",
    look: "backup comes and goes every few seconds, and what is delivered to autoscaler never stops.",
    page: "/informers",
    informer: "v1/pods",
  },
  "410-storm": {
    group: "Informers",
    title: "A storm of 410s",
    teaches: "When history is lost every watch ends with 410, and the informer lists again and misses nothing.",
    look: "The lists in the Reflector's history, and that no handler notices.",
    page: "/informers",
    informer: "v1/pods",
  },
} as const satisfies Record<ScenarioName, Scenario>;

/** Where the pod is whose verdict a scenario teaches, if that is known beforehand. */
export function podOfScenario(name: ScenarioName): { readonly namespace: string; readonly name: string } | undefined {
  const { verdict, pod }: Scenario = scenarios[name];
  if (verdict === undefined || pod === "any") return undefined;
  return pod ?? { namespace: name, name };
}

/** POST /api/clusters/{id}/scenario, embedded only: what plays ends and is cleared away, and the other begins. */
export const scenarioRequest = z.strictObject({ scenario: scenarioName });
export type ScenarioRequest = z.infer<typeof scenarioRequest>;
