import process from "node:process";
import type { Failure } from "#lib/protocol/index.ts";
import { systemClock } from "../clock.ts";
import { listContexts, loadKubeconfig, namespaceOfContext, type Kubeconfig } from "../cluster/kubeconfig/index.ts";
import { readConfig } from "../config.ts";
import { oneList } from "./one-list.ts";
import { readWhyOptions, usage, type WhyOptions } from "./options.ts";
import { cannotTell, exitCodeOf, exitCodeOfAll, notFound } from "./exit-codes.ts";
import { terminalOf } from "./layout.ts";
import { podText } from "./pod-text.ts";
import { podsText } from "./pods-text.ts";
import { runningServer } from "./running-server.ts";
import type { WhySource } from "./source.ts";

/** `kube-inflight why …`: answers on the terminal. Returns the exit status. */
export async function why(args: readonly string[], version: string): Promise<number> {
  let options: WhyOptions | "help";
  try {
    options = readWhyOptions(args);
  } catch (error) {
    process.stderr.write(`kube-inflight why: ${textOf(error)}\n\n${usage}`);
    return cannotTell;
  }
  if (options === "help") {
    process.stdout.write(usage);
    return 0;
  }
  const read = readConfig([...options.rest, "--no-open"], process.env, version);
  if (read.outcome !== "config") {
    process.stderr.write(read.text);
    return cannotTell;
  }
  let source: WhySource | undefined;
  try {
    const { config } = read;
    const kubeconfig = kubeconfigIfAny(config.kubeconfigPaths);
    const current = kubeconfig && listContexts(kubeconfig).find(({ isCurrent }) => isCurrent);
    const running = await runningServer(config.stateDir, { cluster: options.cluster, current });
    source = "diagnosis" in running ? running : await oneList(config, systemClock, { version, note: running.note });
    const ofContext = kubeconfig === undefined ? undefined : namespaceOfContext(kubeconfig, source.context);
    return await answer(options, source, ofContext ?? "default");
  } catch (error) {
    process.stderr.write(`kube-inflight why: ${textOf(error)}\n`);
    return cannotTell;
  } finally {
    await source?.close();
  }
}

/** Whatever is wrong with it is said by who needs it: a server that runs needs none. */
function kubeconfigIfAny(paths: readonly string[]): Kubeconfig | undefined {
  try {
    return loadKubeconfig(paths);
  } catch {
    return undefined;
  }
}

async function answer(
  { pod, namespace, isAll, output }: WhyOptions,
  source: WhySource,
  usualNamespace: string,
): Promise<number> {
  const terminal = terminalOf(process.stdout, process.env);
  if (source.note !== undefined) process.stderr.write(`${source.note}\n\n`);
  const print = (value: object, text: () => string): void => {
    process.stdout.write(output === "json" ? `${JSON.stringify(value, null, 2)}\n` : text());
  };
  if (isAll || pod === undefined) {
    const pods = await source.pods(namespace);
    if (isFailure(pods)) return failed(pods);
    print(pods, () => podsText(pods, terminal, systemClock.now()));
    return exitCodeOfAll(pods);
  }
  const report = await source.diagnosis(namespace ?? usualNamespace, pod);
  if (isFailure(report)) return failed(report);
  print(report, () => podText(report, terminal, systemClock.now()));
  return exitCodeOf(report);
}

function isFailure(value: object): value is Failure {
  return "ok" in value && value.ok === false;
}

function failed({ code, message }: Failure): number {
  process.stderr.write(`kube-inflight why: ${message}\n`);
  return code === "no-such-pod" ? notFound : cannotTell;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
