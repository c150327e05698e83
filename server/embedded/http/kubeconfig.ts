interface KubeconfigParts {
  readonly server: string;
  readonly authority: string;
  readonly token: string;
}

/** A kubeconfig with one context, as YAML (which JSON is a part of, so no value needs quoting rules of its own). */
export function kubeconfigText({ server, authority, token }: KubeconfigParts): string {
  const name = "embedded";
  const authorityData = Buffer.from(authority).toString("base64");
  return [
    "apiVersion: v1",
    "kind: Config",
    `current-context: ${name}`,
    "clusters:",
    `- name: ${name}`,
    "  cluster:",
    `    server: ${JSON.stringify(server)}`,
    `    certificate-authority-data: ${authorityData}`,
    "users:",
    `- name: ${name}`,
    "  user:",
    `    token: ${JSON.stringify(token)}`,
    "contexts:",
    `- name: ${name}`,
    "  context:",
    `    cluster: ${name}`,
    `    user: ${name}`,
    "    namespace: default",
    "",
  ].join("\n");
}
