import { existsSync } from "node:fs";
import { isIP } from "node:net";
import { join, resolve } from "node:path";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { scenarioName, type ScenarioName } from "#lib/protocol/index.ts";
import { homeDirectory, usualKubeconfigPaths } from "./kubeconfig-paths.ts";

/** What the command line and the environment ask for, checked and complete. Nothing else reads either of them. */
export interface Config {
  /** The embedded cluster is wanted even where a kubeconfig is usable. */
  readonly isDemo: boolean;
  /** In the order in which they are merged. Those of the environment and the default need not exist. */
  readonly kubeconfigPaths: readonly string[];
  /** Of the kubeconfig; absent: its current context. */
  readonly context?: string;
  readonly listen: ListenConfig;
  readonly isReadOnly: boolean;
  /** Sign-in commands of the kubeconfig run without asking. */
  readonly isExecAllowed: boolean;
  /** Where kube-scheduler serves its metrics, and what it takes to read them. */
  readonly schedulerMetrics?: SchedulerMetricsConfig;
  /** A KubeSchedulerConfiguration. */
  readonly schedulerConfigPath?: string;
  readonly stateDir: string;
  readonly isBrowserOpened: boolean;
  /** Everybody who is signed in is signed out, and the bearer token is a new one. */
  readonly isNewSession: boolean;
  readonly scenario?: ScenarioName;
  readonly queue: QueueVariant;
  readonly logLevel: LogLevel;
}

export interface SchedulerMetricsConfig {
  readonly url: string;
  readonly tokenPath?: string;
  readonly authorityPath?: string;
}

export interface ListenConfig {
  /** A name or an address in canonical form, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** When the port is taken: `next` tries the following ones, `fail` says so. */
  readonly whenTaken: "next" | "fail";
  readonly tls?: { readonly certPath: string; readonly keyPath: string };
}

type QueueVariant = "concurrent" | "historical";
const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
type LogLevel = (typeof logLevels)[number];

export type Environment = Readonly<Record<string, string | undefined>>;

/** `done`: the text answered what was asked (`--help`). `wrong`: it says what was expected. The caller prints it and exits. */
export type ReadConfig =
  | { readonly outcome: "config"; readonly config: Config }
  | { readonly outcome: "done"; readonly text: string; readonly exitCode: 0 }
  | { readonly outcome: "wrong"; readonly text: string; readonly exitCode: 2 };

/** Prefers a complaint that names the argument, the wrong value and a right one. */
class UsageError extends Error {
  override readonly name = "UsageError";
}

interface Arguments {
  readonly demo?: true;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly port?: number;
  readonly host: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly insecureHost?: true;
  readonly readOnly?: true;
  readonly allowExec?: true;
  readonly schedulerMetrics?: string;
  readonly schedulerMetricsToken?: string;
  readonly schedulerMetricsCa?: string;
  readonly schedulerConfig?: string;
  readonly stateDir?: string;
  readonly open: boolean;
  readonly newSession?: true;
  readonly scenario?: ScenarioName;
  readonly queue: QueueVariant;
  readonly logLevel: LogLevel;
}

const defaultPort = 7474;

/** @param args without the program and its file: `process.argv.slice(2)`. */
export function readConfig(args: readonly string[], environment: Environment, version: string): ReadConfig {
  let text = "";
  const collect = (part: string): void => void (text += part);
  const command = commandLine(version).exitOverride().configureOutput({ writeOut: collect, writeErr: collect });
  try {
    command.parse(args, { from: "user" });
    return { outcome: "config", config: configOf(command.opts(), environment) };
  } catch (error) {
    if (error instanceof UsageError) return wrong(error.message);
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? { outcome: "done", text, exitCode: 0 } : wrong(text.replace(/^error: /, "").trim());
  }
}

function wrong(message: string): ReadConfig {
  return { outcome: "wrong", text: `kube-inflight: ${message}\nSee --help.\n`, exitCode: 2 };
}

function commandLine(version: string): Command {
  return new Command("kube-inflight")
    .description("Who is registered on an informer, and what the scheduling queue does with a pod right now.")
    .version(version)
    .allowExcessArguments(false)
    .option("--demo", "start the embedded cluster, whatever kubeconfig there is")
    .option("--kubeconfig <file>", "instead of $KUBECONFIG, else ~/.kube/config", nonEmpty)
    .option("--context <name>", "of the kubeconfig, instead of its current one", nonEmpty)
    .option("--port <number>", `to listen on (default: ${defaultPort}, or the next one that is free)`, portNumber)
    .option("--host <address>", "to listen on", nonEmpty, "127.0.0.1")
    .option("--tls-cert <file>", "certificate chain in PEM, for HTTPS", nonEmpty)
    .option("--tls-key <file>", "its private key in PEM", nonEmpty)
    .option("--insecure-host", "listen on another address than loopback without TLS: anybody on the way can read along")
    .option("--read-only", "no attaching, detaching or stepping from the page")
    .option("--allow-exec", "run the sign-in command of a context without asking")
    .option("--scheduler-metrics <url>", "where kube-scheduler serves /metrics", httpUrl)
    .option("--scheduler-metrics-token <file>", "bearer token for it", nonEmpty)
    .option("--scheduler-metrics-ca <file>", "authority of its certificate, in PEM", nonEmpty)
    .option("--scheduler-config <file>", "how kube-scheduler is configured, where it does not tell", nonEmpty)
    .option("--state-dir <directory>", "instead of $XDG_STATE_HOME/kube-inflight", nonEmpty)
    .option("--no-open", "do not open a browser")
    .option("--new-session", "sign everybody out, also the command line: new session key, new token")
    .option("--scenario <name>", `what the embedded cluster plays: ${scenarioName.options.join(", ")}`, knownScenario)
    .addOption(
      new Option("--queue <variant>", "event list of the queue")
        .choices(["concurrent", "historical"])
        .default("concurrent"),
    )
    .addOption(new Option("--log-level <level>", "of the log on stderr").choices(logLevels).default("info"));
}

function configOf(args: Arguments, environment: Environment): Config {
  if (args.demo === true && args.context !== undefined) {
    throw new UsageError("--demo and --context exclude each other: leave one of them out");
  }
  return {
    isDemo: args.demo ?? false,
    kubeconfigPaths: kubeconfigPaths(args.kubeconfig, environment),
    ...(args.context === undefined ? {} : { context: args.context }),
    listen: listenConfig(args),
    isReadOnly: args.readOnly ?? false,
    isExecAllowed: args.allowExec ?? false,
    ...schedulerConfig(args),
    stateDir: resolve(args.stateDir ?? join(stateHome(environment), "kube-inflight")),
    isBrowserOpened: args.open,
    isNewSession: args.newSession ?? false,
    ...(args.scenario === undefined ? {} : { scenario: args.scenario }),
    queue: args.queue,
    logLevel: args.logLevel,
  };
}

function schedulerConfig(args: Arguments): Pick<Config, "schedulerMetrics" | "schedulerConfigPath"> {
  const { schedulerMetrics: url, schedulerMetricsToken: token, schedulerMetricsCa: ca, schedulerConfig: path } = args;
  if (url === undefined && (token !== undefined || ca !== undefined)) {
    throw new UsageError(
      "--scheduler-metrics-token and --scheduler-metrics-ca belong to --scheduler-metrics: give its URL",
    );
  }
  if (url?.startsWith("http:") === true && token !== undefined) {
    throw new UsageError("--scheduler-metrics-token would be sent in the clear: give --scheduler-metrics with https");
  }
  return {
    ...(path === undefined ? {} : { schedulerConfigPath: existing("--scheduler-config", path) }),
    ...(url === undefined
      ? {}
      : {
          schedulerMetrics: {
            url,
            ...(token === undefined ? {} : { tokenPath: existing("--scheduler-metrics-token", token) }),
            ...(ca === undefined ? {} : { authorityPath: existing("--scheduler-metrics-ca", ca) }),
          },
        }),
  };
}

function kubeconfigPaths(asked: string | undefined, environment: Environment): readonly string[] {
  return asked === undefined ? usualKubeconfigPaths(environment) : [existing("--kubeconfig", asked)];
}

function listenConfig(args: Arguments): ListenConfig {
  const host = canonicalHost(args.host);
  if ((args.tlsCert === undefined) !== (args.tlsKey === undefined)) {
    throw new UsageError("--tls-cert and --tls-key belong together: give both or none");
  }
  const tls =
    args.tlsCert === undefined || args.tlsKey === undefined
      ? undefined
      : { certPath: existing("--tls-cert", args.tlsCert), keyPath: existing("--tls-key", args.tlsKey) };
  if (!isLoopback(host) && tls === undefined && args.insecureHost !== true) {
    throw new UsageError(
      `--host ${args.host} can be reached from other machines: give --tls-cert and --tls-key, ` +
        "or --insecure-host if everybody on that network may read along",
    );
  }
  return {
    host,
    port: args.port ?? defaultPort,
    whenTaken: args.port === undefined ? "next" : "fail",
    ...(tls === undefined ? {} : { tls }),
  };
}

/** As a browser writes it into the Host header, without brackets. `localhost` is 127.0.0.1: its IPv6 half is optional. */
function canonicalHost(host: string): string {
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  if (isIP(bare) === 6) return new URL(`http://[${bare}]`).hostname.slice(1, -1);
  if (isIP(bare) === 4) return bare;
  const isName =
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(bare) && !/^[0-9.]+$/.test(bare);
  if (!isName)
    throw new UsageError(`--host ${host}: expected an address or a name, such as 127.0.0.1, ::1 or my.example.com`);
  return bare.toLowerCase() === "localhost" ? "127.0.0.1" : bare.toLowerCase();
}

function isLoopback(host: string): boolean {
  return host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

function stateHome(environment: Environment): string {
  const named = environment["XDG_STATE_HOME"];
  // The XDG specification: a path that is not absolute is to be ignored.
  return named !== undefined && named.startsWith("/") ? named : join(homeDirectory(environment), ".local", "state");
}

function existing(option: string, path: string): string {
  if (!existsSync(path)) throw new UsageError(`${option} ${path}: there is no such file`);
  return resolve(path);
}

function nonEmpty(value: string): string {
  if (value.trim() === "") throw new InvalidArgumentError("It must not be empty.");
  return value;
}

function portNumber(value: string): number {
  const port = Number(value);
  if (!/^\d{1,5}$/.test(value) || port > 65_535) {
    throw new InvalidArgumentError("Expected a number from 1 to 65535, or 0 for any free port.");
  }
  return port;
}

function httpUrl(value: string): string {
  if (!/^https?:$/.test(URL.parse(value)?.protocol ?? "")) {
    throw new InvalidArgumentError("Expected a URL such as https://127.0.0.1:10259/metrics.");
  }
  return value;
}

function knownScenario(value: string): ScenarioName {
  const { success, data } = scenarioName.safeParse(value);
  if (!success) throw new InvalidArgumentError(`Expected one of ${scenarioName.options.join(", ")}.`);
  return data;
}
