import { isAbsolute, join } from "node:path";
import { z } from "zod";
import type { ClientCertificate, ClusterAccess, Impersonation, Pem, ServerAccess, SignIn } from "./access.ts";
import { describeIssue, type Entry, type Kubeconfig } from "./document.ts";
import { execPlugin, execSchema } from "./exec-plugin.ts";
import { KubeconfigError, type KubeconfigErrorCode } from "./kubeconfig-error.ts";
import { serviceAccountDirectory } from "./load.ts";
import { optionalText } from "./text.ts";

const contextSchema = z.looseObject({ cluster: z.string().min(1), user: optionalText, namespace: optionalText });

const clusterSchema = z.looseObject({
  server: z.string().min(1),
  "certificate-authority": optionalText,
  "certificate-authority-data": optionalText,
  "insecure-skip-tls-verify": z.boolean().nullish(),
  "tls-server-name": optionalText,
  "proxy-url": optionalText,
  extensions: z.array(z.looseObject({ name: z.string(), extension: z.unknown() })).nullish(),
});

const userSchema = z.looseObject({
  token: optionalText,
  tokenFile: optionalText,
  "client-certificate": optionalText,
  "client-certificate-data": optionalText,
  "client-key": optionalText,
  "client-key-data": optionalText,
  username: optionalText,
  password: optionalText,
  exec: execSchema.nullish(),
  "auth-provider": z.looseObject({ name: z.string(), config: z.record(z.string(), z.string()).nullish() }).nullish(),
  as: optionalText,
  "as-uid": optionalText,
  "as-groups": z.array(z.string()).nullish(),
  "as-user-extra": z.record(z.string(), z.array(z.string())).nullish(),
});
type User = z.output<typeof userSchema>;

/** The extension of a cluster that is handed to exec plugins as it is. */
const execExtension = "client.authentication.k8s.io/exec";

/**
 * What a context says, looked up and checked. Nothing is read but the kubeconfig itself.
 *
 * @throws KubeconfigError
 */
export function resolveContext(kubeconfig: Kubeconfig, name: string): ClusterAccess {
  const entry = kubeconfig.contexts.get(name);
  if (entry === undefined) throw contextMissing(kubeconfig, name);
  const context = parsed(contextSchema, entry, "context");
  const cluster = kubeconfig.clusters.get(context.cluster);
  if (cluster === undefined) throw referenceMissing(kubeconfig.clusters, "cluster", context.cluster, entry);
  const server = serverAccess(cluster);
  if (context.user === undefined) {
    return {
      context: name,
      server,
      user: "",
      signIn: { kind: "none" },
      clientCertificate: undefined,
      impersonation: undefined,
    };
  }
  const userEntry = kubeconfig.users.get(context.user);
  if (userEntry === undefined) throw referenceMissing(kubeconfig.users, "user", context.user, entry);
  const user = parsed(userSchema, { ...userEntry, value: userEntry.value ?? {} }, "user");
  return {
    context: name,
    server,
    user: context.user,
    signIn: signInOf(user, userEntry),
    clientCertificate: clientCertificate(user, userEntry),
    impersonation: impersonation(user, userEntry),
  };
}

/** What can be shown of a context that cannot be used. */
export function outlineContext(
  kubeconfig: Kubeconfig,
  name: string,
): { readonly server: string; readonly user: string } {
  const context = contextSchema.safeParse(kubeconfig.contexts.get(name)?.value);
  if (!context.success) return { server: "", user: "" };
  const cluster = clusterSchema.safeParse(kubeconfig.clusters.get(context.data.cluster)?.value);
  const url = URL.parse(cluster.data?.server ?? "");
  return { server: url === null ? "" : serverUrl(url), user: context.data.user ?? "" };
}

/** Where commands look that name no namespace: what the context says, else nothing. */
export function namespaceOfContext({ contexts }: Kubeconfig, name: string): string | undefined {
  return contextSchema.safeParse(contexts.get(name)?.value).data?.namespace;
}

/** Neither name and password nor query: this is shown. */
function serverUrl(url: URL): string {
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

function serverAccess(entry: Entry): ServerAccess {
  const cluster = parsed(clusterSchema, entry, "cluster");
  const url = URL.parse(cluster.server);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw malformed(entry, "cluster", "server: expected a URL such as https://10.0.0.1:6443");
  }
  const proxyUrl = cluster["proxy-url"];
  if (proxyUrl !== undefined && !/^(?:https?|socks5):$/.test(URL.parse(proxyUrl)?.protocol ?? "")) {
    throw malformed(entry, "cluster", "proxy-url: expected a URL that begins with http, https or socks5");
  }
  return {
    url: serverUrl(url),
    authority: pem(entry, "cluster", {
      text: cluster["certificate-authority-data"],
      path: cluster["certificate-authority"],
    }),
    isTlsVerified: cluster["insecure-skip-tls-verify"] !== true,
    tlsServerName: cluster["tls-server-name"],
    proxyUrl,
    execConfig: cluster.extensions?.find(({ name }) => name === execExtension)?.extension,
  };
}

/** A token file wins over a token, and either over a command. Upstream: `clientcmd`, `exec.roundTripper`. */
function signInOf(user: User, entry: Entry): SignIn {
  if (user.tokenFile !== undefined) {
    const path = absolute(user.tokenFile, entry);
    return { kind: "tokenFile", path, isInCluster: path.startsWith(`${serviceAccountDirectory}/`) };
  }
  if (user.token !== undefined) return { kind: "token", token: user.token };
  if (user.username !== undefined) return { kind: "basic", username: user.username, password: user.password ?? "" };
  if (user.exec !== undefined && user.exec !== null) {
    return { kind: "exec", plugin: execPlugin(user.exec, entry.directory) };
  }
  const provider = user["auth-provider"];
  if (provider === undefined || provider === null) return { kind: "none" };
  const idToken = provider.name === "oidc" ? provider.config?.["id-token"] : undefined;
  if (idToken !== undefined && idToken !== "") return { kind: "token", token: idToken };
  throw new KubeconfigError(
    "sign-in-unsupported",
    `User ${entry.name} in ${entry.origin} signs in through the auth provider ${provider.name}, which kubectl has given up.`,
    "Let the tool that wrote it write an exec plugin instead.",
  );
}

function clientCertificate(user: User, entry: Entry): ClientCertificate | undefined {
  const certificate = pem(entry, "user", { text: user["client-certificate-data"], path: user["client-certificate"] });
  const key = pem(entry, "user", { text: user["client-key-data"], path: user["client-key"] });
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined) throw malformed(entry, "user", "there is a client key, but no client certificate");
  if (key === undefined) throw malformed(entry, "user", "there is a client certificate, but no client key");
  return { certificate, key };
}

function impersonation(user: User, entry: Entry): Impersonation | undefined {
  const groups = user["as-groups"] ?? [];
  const extra = new Map(Object.entries(user["as-user-extra"] ?? {}));
  if (user.as !== undefined) return { user: user.as, uid: user["as-uid"], groups, extra };
  if (groups.length > 0 || extra.size > 0 || user["as-uid"] !== undefined) {
    throw malformed(entry, "user", "as-groups, as-uid and as-user-extra need as");
  }
  return undefined;
}

/** Data wins over a file. Upstream: `rest.TLSClientConfig`. */
function pem(
  entry: Entry,
  what: "cluster" | "user",
  from: { readonly text?: string | undefined; readonly path?: string | undefined },
): Pem | undefined {
  if (from.text !== undefined) {
    const decoded = Buffer.from(from.text, "base64").toString("utf8");
    if (!decoded.includes("-----BEGIN ")) {
      throw malformed(entry, what, "expected certificates and keys as PEM in base64 in the fields that end in -data");
    }
    return { kind: "text", pem: decoded };
  }
  return from.path === undefined ? undefined : { kind: "file", path: absolute(from.path, entry) };
}

function absolute(path: string, { directory }: Entry): string {
  return directory === undefined || isAbsolute(path) ? path : join(directory, path);
}

function parsed<T extends z.ZodType>(schema: T, entry: Entry, what: "context" | "cluster" | "user"): z.output<T> {
  const result = schema.safeParse(entry.value);
  if (result.success) return result.data;
  throw malformed(entry, what, result.error.issues.map(({ path, message }) => describeIssue(path, message)).join("; "));
}

function malformed(entry: Entry, what: "context" | "cluster" | "user", why: string): KubeconfigError {
  return new KubeconfigError(
    `${what}-malformed`,
    `${what[0]?.toUpperCase()}${what.slice(1)} ${entry.name} in ${entry.origin} cannot be used: ${why}.`,
    "Correct the entry, or use another context.",
  );
}

function contextMissing({ contexts, files }: Kubeconfig, name: string): KubeconfigError {
  return new KubeconfigError(
    "context-missing",
    `There is no context ${name} in ${files.join(", ")}. There ${listed([...contexts.keys()])}.`,
    "Name one of them with --context, or set another current context: kubectl config use-context NAME.",
  );
}

function referenceMissing(
  entries: ReadonlyMap<string, Entry>,
  what: "cluster" | "user",
  name: string,
  context: Entry,
): KubeconfigError {
  return new KubeconfigError(
    `${what}-missing` satisfies KubeconfigErrorCode,
    `Context ${context.name} in ${context.origin} names the ${what} ${name}, which is not there. There ${listed([...entries.keys()])}.`,
    `Add the ${what}, or set another one: kubectl config set-context ${context.name} --${what}=NAME.`,
  );
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  if (names.length === 0) return "is none";
  return names.length > 5
    ? `are ${shown} and ${names.length - 5} more`
    : names.length === 1
      ? `is ${shown}`
      : `are ${shown}`;
}
