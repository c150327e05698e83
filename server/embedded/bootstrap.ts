import { refOf, type LocalClient } from "./api/local-client.ts";

const namespaces = ["default", "kube-system", "kube-public", "kube-node-lease"];
const priorityClasses = [
  ["system-cluster-critical", 2_000_000_000],
  ["system-node-critical", 2_000_001_000],
] as const;
/** kube-scheduler reads its front proxy's authority here and does not start without. */
const authentication = { name: "extension-apiserver-authentication", namespace: "kube-system" };

/** What a control plane finds or makes when it starts. */
export function bootstrap(client: LocalClient, authority: string): void {
  for (const name of namespaces) client.create("namespaces", { metadata: { name } });
  for (const [name, value] of priorityClasses) client.create("priorityclasses", { metadata: { name }, value });
  const data = {
    "client-ca-file": authority,
    "requestheader-client-ca-file": authority,
    "requestheader-allowed-names": "[]",
    "requestheader-extra-headers-prefix": '["X-Remote-Extra-"]',
    "requestheader-group-headers": '["X-Remote-Group"]',
    "requestheader-username-headers": '["X-Remote-User"]',
  };
  client.create("configmaps", { metadata: authentication, data });
}

/** Takes everything else away, without waiting for anybody. */
export function clear(client: LocalClient): void {
  for (const plural of client.plurals()) {
    if (plural === "namespaces") continue;
    for (const object of client.list(plural)) {
      if (!isFromBootstrap(plural, object.metadata.name)) client.removeForGood(refOf(plural, object));
    }
  }
  for (const namespace of client.list("namespaces")) {
    if (!namespaces.includes(namespace.metadata.name ?? "")) client.removeForGood(refOf("namespaces", namespace));
  }
}

function isFromBootstrap(plural: string, name: string | undefined): boolean {
  if (plural === "priorityclasses") return priorityClasses.some(([each]) => each === name);
  return plural === "configmaps" && name === authentication.name;
}
