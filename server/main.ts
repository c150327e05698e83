/** The server: reads its configuration, listens, attaches, and stops when it is told to. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { ExecApprovals } from "./cluster/exec-approvals.ts";
import { KubeconfigWatch } from "./cluster/kubeconfig-watch.ts";
import { Clusters } from "./cluster/registry.ts";
import { systemClock } from "./clock.ts";
import { readConfig, type Config } from "./config.ts";
import { createServer } from "./http/index.ts";
import { readyLine, Session } from "./session.ts";
import { openSecrets, writeAddress } from "./state-dir.ts";
import { why } from "./why/why.ts";

const root = new URL("..", import.meta.url);
const version = (JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as { version: string }).version;

const [command, ...commandArguments] = process.argv.slice(2);
const read = readConfig(process.argv.slice(2), process.env, version);
if (command === "why") process.exitCode = await why(commandArguments, version);
else if (read.outcome === "config") await main(read.config);
else {
  (read.outcome === "done" ? process.stdout : process.stderr).write(read.text);
  process.exitCode = read.exitCode;
}

async function main(config: Config): Promise<void> {
  const logger = pino({ level: config.logLevel, base: null }, pino.destination({ fd: 2, sync: true }));
  const { secrets, warning } = openSecrets(config.stateDir, { isNew: config.isNewSession });
  if (warning !== undefined) logger.warn(warning);

  const approvals = new ExecApprovals(config.stateDir, (error) => logger.warn({ error }, "the approval is not kept"));
  const kubeconfig = new KubeconfigWatch({
    paths: config.kubeconfigPaths,
    environment: process.env,
    clock: systemClock,
  });
  const clusters = new Clusters({ config, kubeconfig, clock: systemClock, logger, approvals, version });
  const server = createServer({
    config,
    session: new Session(systemClock, secrets),
    registry: clusters,
    outDir: fileURLToPath(new URL("out", root)),
    version,
    clock: systemClock,
    logger,
    announceLogin: (url) => console.log(`kube-inflight login: ${url}`),
  });

  let isStopping = false;
  const stop = async (): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    await Promise.all([server.close(), clusters.stop()]);
    process.exit();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop());
  // Whoever started us holds the other end: when it is gone, so are we.
  process.on("disconnect", () => void stop());

  try {
    const { loginUrl } = await server.listen();
    writeAddress(config.stateDir, new URL(loginUrl).origin);
    await attachAtStart(clusters, config);
    console.log(readyLine(loginUrl));
    if (config.isBrowserOpened) openBrowser(loginUrl);
  } catch (error) {
    console.error(`kube-inflight: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
    await stop();
  }
}

/**
 * To the context that is asked for, else to the kubeconfig's current one, else to the embedded cluster. A context that
 * needs somebody's approval first, or cannot be used, is left to the Attach page, which says so.
 */
async function attachAtStart(clusters: Clusters, config: Config): Promise<void> {
  const context = config.isDemo ? undefined : clusters.contextToStartWith(config.context);
  if (context === undefined) {
    if (config.context !== undefined) throw new Error(noSuchContext(clusters, config.context));
    await clusters.attach({ demo: true });
    return;
  }
  const needsSomebody = context.problem !== undefined || context.exec?.isApproved === false;
  if (!needsSomebody) await clusters.attach({ context: context.name });
}

function noSuchContext(clusters: Clusters, asked: string): string {
  const problem = clusters.kubeconfigProblem();
  if (problem !== undefined) return `${problem.message} ${problem.hint}`;
  const names = clusters.contexts().map(({ name }) => name);
  return `the kubeconfig has no context named ${asked}: it has ${names.join(", ")}`;
}

/** Best effort: the link is printed all the same. */
function openBrowser(url: string): void {
  const command = { darwin: "open", win32: "explorer" }[process.platform as string] ?? "xdg-open";
  const child = spawn(command, [url], { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}
