/** What kube-scheduler's words say about who rejected a pod. */
export interface MessageRejectors {
  /** Plugin to the number of nodes that it rejected, where the message counts them. */
  readonly plugins: ReadonlyMap<string, number | undefined>;
  /** Reasons that no plugin we know gives. */
  readonly unknownReasons: readonly string[];
}

/** Later ones are asked only if the earlier ones do not match. Reasons of 1.33 to 1.36. */
const pluginsByReason: readonly (readonly [plugin: string, reason: RegExp])[] = [
  ["NodeUnschedulable", /^node\(s\) were unschedulable$/],
  ["NodeName", /^node\(s\) didn't match the requested node name$/],
  ["TaintToleration", /^node\(s\) had untolerated taint/],
  ["NodeAffinity", /^node\(s\) didn't match (Pod's node affinity\/selector|scheduler-enforced node affinity)$/],
  ["NodeAffinity", /^pod affinity terms conflict$/],
  ["NodePorts", /^node\(s\) didn't have free ports for the requested pod ports$/],
  ["NodeResourcesFit", /^(Too many pods|Insufficient \S+)$/],
  ["VolumeRestrictions", /^node\(s\) had no available disk$/],
  ["VolumeRestrictions", /^node\(s\) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode/],
  ["VolumeRestrictions", /^persistentvolumeclaim "[^"]*" not found$/],
  ["NodeVolumeLimits", /^node\(s\) exceed max volume count$/],
  ["NodeVolumeLimits", /^looking up PVC /],
  ["VolumeBinding", /^pod has unbound immediate PersistentVolumeClaims$/],
  ["VolumeBinding", /^waiting for ephemeral volume controller /],
  ["VolumeBinding", /^persistentvolumeclaim "[^"]*" (bound to non-existent persistentvolume|is being deleted)/],
  ["VolumeBinding", /^PVC \S+ was not created for pod /],
  ["VolumeBinding", /^node\(s\) didn't match PersistentVolume's node affinity$/],
  ["VolumeBinding", /^node\(s\) didn't find available persistent volumes to bind$/],
  ["VolumeBinding", /^node\(s\) did not have enough free storage$/],
  ["VolumeBinding", /^node\(s\) unavailable due to one or more pvc\(s\) bound to non-existent pv\(s\)$/],
  ["VolumeZone", /^node\(s\) had no available volume zone$/],
  ["VolumeZone", /^(persistentvolume|storageclass\.storage\.k8s\.io) "[^"]*" not found$/],
  ["VolumeZone", /^(PersistentVolume had no name|PersistentVolumeClaim had no pv name)/],
  ["PodTopologySpread", /^node\(s\) didn't match pod topology spread constraints/],
  ["InterPodAffinity", /^node\(s\) didn't match pod (anti-)?affinity rules$/],
  ["InterPodAffinity", /^node\(s\) didn't satisfy existing pods anti-affinity rules$/],
  ["InterPodAffinity", /^parsing pod: /],
  ["DynamicResources", /^(cannot allocate all claims|cannot fit resource|cannot schedule extended resource claim)/],
  ["DynamicResources", /^(resourceclaim |resource claim |request \S+: device class |invalid resource pools were )/],
  [
    "DynamicResources",
    /^(could not find ResourceClaim |ResourceClaim \S+ was not created for |pod "\S+": ResourceClaim not )/,
  ],
  ["NodeDeclaredFeatures", /^node\(s\) didn't match Pod's required features$/],
];

const namedPlugins = /^node\(s\) didn't satisfy plugin(?:\(s\) \[([^\]]*)\](?: simultaneously)?| (\S+))$/;
const head = /^0\/\d+ nodes are available:/;
/** PostFilter speaks after the first full stop that is followed by one of its sentences. */
const postFilterBegins =
  /\. (?=no new claims to deallocate|still not schedulable|deallocation of |deletion of |preemption: |not found$)/;

/** `undefined` for a message that does not say that the pod fits nowhere, like that of an error. */
export function parseRejectionMessage(message: string): MessageRejectors | undefined {
  if (!head.test(message)) return undefined;
  const [said = ""] = message.replace(head, "").split(postFilterBegins);
  const plugins = new Map<string, number | undefined>();
  const unknownReasons: string[] = [];
  for (const entry of said.trim().replace(/\.$/, "").split(", ")) {
    if (entry === "") continue;
    const [, digits, reason = entry] = /^(\d+) (.*)$/.exec(entry) ?? [];
    const found = pluginsOf(reason);
    if (found.length === 0) unknownReasons.push(reason);
    const nodes = digits === undefined ? undefined : Number(digits);
    for (const plugin of found) plugins.set(plugin, sum(plugins.get(plugin), nodes));
  }
  return { plugins, unknownReasons };
}

/** The narrowing plugins are named; all others are known by their words. */
function pluginsOf(reason: string): readonly string[] {
  const named = namedPlugins.exec(reason);
  if (named !== null) return (named[1] ?? named[2] ?? "").split(" ").filter((plugin) => plugin !== "");
  const found = pluginsByReason.find(([, pattern]) => pattern.test(reason));
  return found === undefined ? [] : [found[0]];
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : a + (b ?? 0);
}
