import { spawn } from "node:child_process";
import { z } from "zod";
import type { ExecPlugin, ServerAccess } from "#server/cluster/kubeconfig/index.ts";
import { ExecPluginError } from "./credential-errors.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a plugin answered. At least a token or a certificate with its key. */
export interface ExecStatus {
  readonly token: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | undefined;
}

export interface ExecRun {
  readonly plugin: ExecPlugin;
  readonly server: ServerAccess;
  /** Of the server's certificate; for plugins that want to know the cluster. */
  readonly authorityPem: string | undefined;
  readonly environment: Environment;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const stdoutLimit = 1024 * 1024;
const stderrKept = 4096;
/** A command that ignores being asked to end is ended. */
const killAfterMs = 2000;

/**
 * Runs a plugin once: without a shell, without a terminal, with a time limit. Upstream: `plugin/pkg/client/auth/exec`.
 *
 * @throws ExecPluginError
 */
export async function runExecPlugin(run: ExecRun): Promise<ExecStatus> {
  const { plugin } = run;
  if (plugin.needsTerminal) {
    throw new ExecPluginError(
      "wants to ask questions on a terminal (interactiveMode: Always), and there is none",
      plugin,
    );
  }
  return statusOf(await outputOf(run), plugin);
}

function outputOf(run: ExecRun): Promise<string> {
  const { plugin, timeoutMs, signal } = run;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const fail = (what: string): void => reject(new ExecPluginError(what, { ...plugin, stderr: tail(stderr) }));
  let stdout = "";
  let stderr = "";
  let isTimeUp = false;
  const child = spawn(plugin.command, [...plugin.args], {
    env: childEnvironment(run),
    shell: false,
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  const end = (): void => {
    child.kill("SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), killAfterMs).unref();
    // Somebody it started may hold the pipes open for ever.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const timer = setTimeout(() => {
    isTimeUp = true;
    end();
  }, timeoutMs);
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    if (stdout.length > stdoutLimit) end();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = `${stderr}${text}`.slice(-2 * stderrKept);
  });
  child.on("error", (error) => {
    const isMissing = "code" in error && error.code === "ENOENT";
    fail(isMissing ? "was not found" : `could not be started (${error.message})`);
  });
  child.on("close", (exitCode, killedBy) => {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
    if (isTimeUp) fail(`did not answer within ${timeoutMs / 1000} s`);
    else if (signal.aborted) fail("was ended, because nobody needs its answer any more");
    else if (stdout.length > stdoutLimit) fail(`wrote more than ${stdoutLimit} bytes`);
    else if (exitCode !== 0) fail(killedBy === null ? `ended with exit code ${exitCode}` : `was ended by ${killedBy}`);
    else resolve(stdout);
  });
  return promise;
}

function childEnvironment({ plugin, server, authorityPem, environment }: ExecRun): NodeJS.ProcessEnv {
  const variables: Record<string, string | undefined> = { ...environment };
  for (const { name, value } of plugin.env) variables[name] = value;
  variables["KUBERNETES_EXEC_INFO"] = JSON.stringify(execInfo(plugin, server, authorityPem));
  return variables as NodeJS.ProcessEnv;
}

/** The contract's `ExecCredential`, as the plugin reads it from its environment. */
function execInfo(plugin: ExecPlugin, server: ServerAccess, authorityPem: string | undefined): unknown {
  const cluster = {
    server: server.url,
    ...(server.tlsServerName === undefined ? {} : { "tls-server-name": server.tlsServerName }),
    ...(server.isTlsVerified ? {} : { "insecure-skip-tls-verify": true }),
    ...(authorityPem === undefined
      ? {}
      : { "certificate-authority-data": Buffer.from(authorityPem).toString("base64") }),
    ...(server.proxyUrl === undefined ? {} : { "proxy-url": server.proxyUrl }),
    ...(server.execConfig === undefined ? {} : { config: server.execConfig }),
  };
  return {
    apiVersion: plugin.apiVersion,
    kind: "ExecCredential",
    spec: { interactive: false, ...(plugin.wantsClusterInfo ? { cluster } : {}) },
  };
}

const credentialSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.literal("ExecCredential"),
  status: z.looseObject({
    token: z.string().nullish(),
    clientCertificateData: z.string().nullish(),
    clientKeyData: z.string().nullish(),
    expirationTimestamp: z.iso.datetime({ offset: true }).nullish(),
  }),
});

function statusOf(output: string, plugin: ExecPlugin): ExecStatus {
  const parsed = credentialSchema.safeParse(jsonOf(output));
  if (!parsed.success) {
    const fields = parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`.trim()).join("; ");
    throw new ExecPluginError(`answered with something that is no ExecCredential (${fields})`, plugin);
  }
  const { apiVersion, status } = parsed.data;
  if (apiVersion !== plugin.apiVersion) {
    throw new ExecPluginError(`answered in ${apiVersion}, and the kubeconfig says ${plugin.apiVersion}`, plugin);
  }
  const token = status.token ?? "";
  const certificate = status.clientCertificateData ?? "";
  const key = status.clientKeyData ?? "";
  if ((certificate === "") !== (key === ""))
    throw new ExecPluginError("answered with half a client certificate", plugin);
  if (token === "" && certificate === "") throw new ExecPluginError("answered without token and certificate", plugin);
  return {
    token: token === "" ? undefined : token,
    certificate: certificate === "" ? undefined : certificate,
    key: key === "" ? undefined : key,
    expiresAt:
      status.expirationTimestamp === null || status.expirationTimestamp === undefined
        ? undefined
        : Date.parse(status.expirationTimestamp),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Never quoted: it may hold a token.
  }
}

function tail(text: string): string {
  return text.length <= stderrKept ? text : `…${text.slice(-stderrKept)}`;
}
