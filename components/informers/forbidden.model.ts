import type { Forbidden, InformerRow } from "#lib/protocol/index.ts";

/** An informer that may not be started, with what it takes to be allowed. */
export interface MissingAccess {
  readonly row: InformerRow;
  readonly forbidden: Forbidden;
}

export function missingAccess(rows: readonly InformerRow[]): readonly MissingAccess[] {
  return rows.flatMap((row) => (row.forbidden === undefined ? [] : [{ row, forbidden: row.forbidden }]));
}

/** `list and watch`, `get, list and watch`. */
export function verbsText(verbs: readonly string[]): string {
  const last = verbs.at(-1) ?? "";
  const others = verbs.slice(0, -1);
  return others.length === 0 ? last : `${others.join(", ")} and ${last}`;
}

/** The commands of the server, each on lines that fit. */
export function commandText({ commands }: Forbidden): string {
  return commands.map((command) => command.replace(/ (?=--(?!context\b))/u, " \\\n  ")).join("\n");
}

/** The same grant for `kubectl apply -f -`: what the commands would create. */
export function grantYaml({ resource, group, namespace, user, verbs }: Forbidden): string {
  const name = `kube-inflight-${group === "" ? resource : `${resource}.${group}`}`;
  const [kind, metadata] =
    namespace === undefined
      ? (["Cluster", `metadata:\n  name: ${name}`] as const)
      : (["", `metadata:\n  name: ${name}\n  namespace: ${quoted(namespace)}`] as const);
  return [
    `apiVersion: rbac.authorization.k8s.io/v1`,
    `kind: ${kind}Role`,
    metadata,
    `rules:`,
    `  - apiGroups: [${quoted(group)}]`,
    `    resources: [${quoted(resource)}]`,
    `    verbs: [${[...new Set([...verbs, "get", "list", "watch"])].sort().join(", ")}]`,
    `---`,
    `apiVersion: rbac.authorization.k8s.io/v1`,
    `kind: ${kind}RoleBinding`,
    metadata,
    `roleRef:`,
    `  apiGroup: rbac.authorization.k8s.io`,
    `  kind: ${kind}Role`,
    `  name: ${name}`,
    `subjects:`,
    ...subjectLines(user),
  ].join("\n");
}

function subjectLines(user: string): readonly string[] {
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/u.exec(user);
  return account === null
    ? [`  - kind: User`, `    apiGroup: rbac.authorization.k8s.io`, `    name: ${quoted(user)}`]
    : [`  - kind: ServiceAccount`, `    namespace: ${account[1]}`, `    name: ${account[2]}`];
}

/** A JSON string is a YAML string. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
