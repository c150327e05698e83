import { parseKubeconfig, resolveContext, type ClusterAccess } from "#server/cluster/kubeconfig/index.ts";

/** The access that a kubeconfig with one context says. */
export function accessOf(
  cluster: Readonly<Record<string, unknown>>,
  user: unknown = {},
  directory?: string,
): ClusterAccess {
  const text = JSON.stringify({
    clusters: [{ name: "cluster", cluster }],
    users: [{ name: "user", user }],
    contexts: [{ name: "context", context: { cluster: "cluster", user: "user" } }],
  });
  return resolveContext(parseKubeconfig(text, "kubeconfig", directory), "context");
}

export function inBase64(text: string): string {
  return Buffer.from(text).toString("base64");
}
