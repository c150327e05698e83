import { readFileSync, statSync } from "node:fs";
import { isIPv6 } from "node:net";
import { dirname, join } from "node:path";
import { mergeKubeconfigs, parseKubeconfig, type Kubeconfig } from "./document.ts";
import { KubeconfigError } from "./kubeconfig-error.ts";

/** Where a pod finds its own credentials. */
export const serviceAccountDirectory = "/var/run/secrets/kubernetes.io/serviceaccount";

const inClusterContext = "in-cluster";

/**
 * The kubeconfig of these files, merged. Files that do not exist are left out, as kubectl does.
 *
 * The paths come from the command line and the environment, never from a request.
 *
 * @returns nothing if none of them exists
 * @throws KubeconfigError for one that cannot be read or is no kubeconfig
 */
export function loadKubeconfig(paths: readonly string[]): Kubeconfig | undefined {
  const parts = paths.flatMap((path) => {
    const text = textOf(path);
    return text === undefined ? [] : [parseKubeconfig(text, path, dirname(path))];
  });
  return parts.length === 0 ? undefined : mergeKubeconfigs(parts);
}

/** What to say when {@link loadKubeconfig} found nothing. */
export function missingKubeconfig(paths: readonly string[]): KubeconfigError {
  return new KubeconfigError(
    "kubeconfig-missing",
    `No kubeconfig found. Tried: ${paths.join(", ")}.`,
    "Name one with --kubeconfig FILE or $KUBECONFIG, or start the embedded cluster with --demo.",
  );
}

/** The kubeconfig of a program that runs in a pod; nothing elsewhere. Upstream: `rest.InClusterConfig`. */
export function inClusterKubeconfig(
  environment: Readonly<Record<string, string | undefined>>,
  directory: string = serviceAccountDirectory,
): Kubeconfig | undefined {
  const host = environment["KUBERNETES_SERVICE_HOST"];
  const port = environment["KUBERNETES_SERVICE_PORT"];
  const tokenFile = join(directory, "token");
  if (host === undefined || host === "" || port === undefined || port === "") return undefined;
  if (statSync(tokenFile, { throwIfNoEntry: false }) === undefined) return undefined;
  const entry = (value: unknown) => new Map([[inClusterContext, { name: inClusterContext, value, origin: directory }]]);
  return {
    files: [],
    currentContext: inClusterContext,
    contexts: entry({ cluster: inClusterContext, user: inClusterContext }),
    clusters: entry({
      server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
      "certificate-authority": join(directory, "ca.crt"),
    }),
    users: entry({ tokenFile }),
  };
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new KubeconfigError(
      "kubeconfig-unreadable",
      `${path} cannot be read${code === "" ? "" : ` (${code})`}.`,
      "Make it readable for the user that runs this server, or name another one with --kubeconfig or $KUBECONFIG.",
      { cause: error },
    );
  }
}
