/** What other programs import as `kube-inflight/informer`. */
export * from "#lib/informer/index.ts";
export type { Clock, Signal, Timer } from "#lib/clock/index.ts";
export type { KubeObject, Pod, Node } from "#lib/kube/index.ts";
export { systemClock } from "#server/clock.ts";
export { KubeconfigError, type KubeconfigErrorCode } from "#server/cluster/kubeconfig/index.ts";
export { ClusterInformers, type ClusterInformersOptions } from "./cluster-informers.ts";
