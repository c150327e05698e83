/**
 * Which lists a strategic merge patch merges, and by which member their items are told apart; `""` for lists of plain
 * values. A list that is not named here is replaced whole, as tolerations and taints are. Upstream: the `patchMergeKey` tags of
 * `k8s.io/api/core/v1`. Keyed by the name of the list, which is unambiguous among the kinds that this server has, but for ports.
 */
const mergeKeys: Readonly<Record<string, string>> = {
  conditions: "type",
  addresses: "type",
  containers: "name",
  initContainers: "name",
  ephemeralContainers: "name",
  env: "name",
  volumes: "name",
  volumeMounts: "mountPath",
  volumeDevices: "devicePath",
  imagePullSecrets: "name",
  schedulingGates: "name",
  resourceClaims: "name",
  resourceClaimStatuses: "name",
  topologySpreadConstraints: "topologyKey",
  hostAliases: "ip",
  podIPs: "ip",
  hostIPs: "ip",
  ownerReferences: "uid",
  secrets: "name",
  finalizers: "",
  podCIDRs: "",
};

/** `undefined` for a list that is replaced whole. */
export function mergeKeyOf(kind: string, list: string): string | undefined {
  if (list === "ports") return kind === "Service" ? "port" : "containerPort";
  return Object.hasOwn(mergeKeys, list) ? mergeKeys[list] : undefined;
}
