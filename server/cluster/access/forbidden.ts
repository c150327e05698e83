import type { Access, Forbidden } from "#lib/protocol/index.ts";
import type { ResourceName } from "../transport/index.ts";

export interface Refusal {
  /** What the API server said. */
  readonly message: string;
  readonly resource: ResourceName;
  readonly namespace: string | undefined;
  /** Of the kubeconfig; absent where kubectl needs none. */
  readonly context: string | undefined;
  /** What access reviews found, if they could be asked. */
  readonly access: Access | undefined;
}

/** Which verbs are missing on what for whom, and what grants them. */
export function forbiddenOf({
  message,
  resource: { group, resource },
  namespace,
  context,
  access,
}: Refusal): Forbidden {
  const said = saidBy(message);
  return {
    verbs: missingVerbs(said.verb, access),
    resource,
    group,
    ...(namespace === undefined ? {} : { namespace }),
    user: said.user,
    commands: grantCommands({ resource: group === "" ? resource : `${resource}.${group}`, context, user: said.user }),
  };
}

/**
 * Every authorizer of an API server refuses in these words; what comes behind them differs. Upstream:
 * `responsewriters.forbiddenMessage`.
 */
function saidBy(message: string): { readonly user: string; readonly verb: string | undefined } {
  const found = /User "(?<user>(?:[^"\\]|\\.)*)" cannot (?<verb>[a-z]+) resource/.exec(message)?.groups;
  return { user: found?.["user"]?.replaceAll(/\\(.)/g, "$1") ?? "", verb: found?.["verb"] };
}

function missingVerbs(refused: string | undefined, access: Access | undefined): string[] {
  const verbs = ["get", "list", "watch"] as const;
  const missing: string[] = access === undefined ? [] : verbs.filter((verb) => !access[verb]);
  if (missing.length > 0) return missing;
  return refused === undefined ? ["list", "watch"] : [refused];
}

interface Grant {
  /** `pods`, `deployments.apps` */
  readonly resource: string;
  readonly context: string | undefined;
  readonly user: string;
}

/** What somebody who may would run: read-only rights on one resource, for one identity. */
function grantCommands({ resource, context, user }: Grant): string[] {
  const kubectl = context === undefined ? "kubectl" : `kubectl --context ${quoted(context)}`;
  const role = `kube-inflight-${resource}`;
  return [
    `${kubectl} create clusterrole ${role} --verb=get,list,watch --resource=${resource}`,
    `${kubectl} create clusterrolebinding ${role} --clusterrole=${role} ${subjectOf(user, kubectl)}`,
  ];
}

function subjectOf(user: string, kubectl: string): string {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  if (namespace !== undefined && name !== undefined) return `--serviceaccount=${quoted(`${namespace}:${name}`)}`;
  if (user !== "") return `--user=${quoted(user)}`;
  return `--user="$(${kubectl} auth whoami -o jsonpath='{.status.userInfo.username}')"`;
}

/** For a POSIX shell; a plain word stays as it is. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
