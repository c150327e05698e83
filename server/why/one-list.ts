import process from "node:process";
import { createInterface } from "node:readline/promises";
import { sleep, type Clock } from "#lib/clock/index.ts";
import type { Failure, PodDetail, Pods, Problem, TopicName, View } from "#lib/protocol/index.ts";
import {
  inClusterKubeconfig,
  listContexts,
  loadKubeconfig,
  missingKubeconfig,
  resolveContext,
} from "../cluster/kubeconfig/index.ts";
import { ViewGoneError } from "../cluster/port-server.ts";
import { ClusterSession } from "../cluster/session.ts";
import type { Config } from "../config.ts";
import { diagnosisReportOf } from "./report.ts";
import type { WhySource } from "./source.ts";

/** The lists, and one look at every pod. */
const patienceMs = 60_000;
const againMs = 100;
/** So often somebody looks whether it can be read at all. */
const problemEveryMs = 1_000;

/** Lists the cluster and judges its pods once. */
export async function oneList(
  config: Config,
  clock: Clock,
  { version, note }: { readonly version: string; readonly note: string },
): Promise<WhySource> {
  const kubeconfig = loadKubeconfig(config.kubeconfigPaths) ?? inClusterKubeconfig(process.env);
  if (kubeconfig === undefined) throw missingKubeconfig(config.kubeconfigPaths);
  const contexts = listContexts(kubeconfig);
  const context = contexts.find(({ name, isCurrent }) =>
    config.context === undefined ? isCurrent : name === config.context,
  );
  const name = config.context ?? context?.name ?? "";
  if (name === "") {
    const which = contexts.map((each) => each.name).join(", ");
    throw new Error(
      `The kubeconfig names no current context: --context ${which === "" ? "has none to choose from" : which}`,
    );
  }
  const isExecAllowed = config.isExecAllowed || (await isSignInApproved(context?.exec?.commandLine));
  let problem: string | undefined;
  const session = new ClusterSession({
    config: {
      id: name,
      name,
      version,
      mode: "shadow",
      access: resolveContext(kubeconfig, name),
      queue: "concurrent",
      approvedExec: [],
      isExecAllowed,
    },
    clock,
    onSummary: (cluster) => {
      summary = cluster;
      problem = cluster.problem && textOf(cluster.problem);
    },
    onFailure: () => {},
  });
  let summary = { id: name, name, mode: "shadow", phase: "starting", server: "" } as Parameters<
    typeof diagnosisReportOf
  >[0];

  /** Builds a view as soon as everything was looked at. */
  const build = async <T>(topic: TopicName, view: unknown): Promise<T | Failure> => {
    const until = clock.now() + patienceMs;
    let lookAt = clock.now();
    for (;;) {
      // What is built of many pods takes its time.
      if (!session.hasJudged && clock.now() < lookAt) {
        await sleep(clock, againMs);
        continue;
      }
      lookAt = clock.now() + problemEveryMs;
      const isLate = clock.now() > until || (problem !== undefined && summary.phase === "failed");
      try {
        const source = session.view(topic, view);
        const value = "build" in source ? (source.build() as unknown as T) : undefined;
        if (value !== undefined && session.hasJudged) return value;
        if (isLate) return { ok: false, code: "not-read", message: problem ?? "The cluster was not read in time." };
      } catch (error) {
        if (!(error instanceof ViewGoneError)) throw error;
        if (error.problem.code === "pods-forbidden" || (error.problem.code !== "not-judged-yet" && session.hasJudged))
          return { ok: false, code: error.problem.code, message: textOf(error.problem) };
        if (isLate) return { ok: false, code: "not-read", message: problem ?? textOf(error.problem) };
      }
      await sleep(clock, againMs);
    }
  };
  return {
    note,
    context: name,
    diagnosis: async (namespace, pod) => {
      const view = { namespace, name: pod } satisfies View<"pod">;
      await build<PodDetail>("pod", view);
      await session.calls.readStatements({ namespace, name: pod });
      const detail = await build<PodDetail>("pod", view);
      return "ok" in detail ? detail : diagnosisReportOf(summary, detail, clock.now());
    },
    pods: (namespace) => {
      const view: View<"pods"> = {
        offset: 0,
        limit: 200,
        fold: true,
        ...(namespace === undefined ? {} : { ns: [namespace] }),
      };
      return build<Pods>("pods", view);
    },
    close: () => session.stop(),
  };
}

/** The command that signs in is shown, and run only if somebody says so. */
async function isSignInApproved(commandLine: string | undefined): Promise<boolean> {
  if (commandLine === undefined) return false;
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`Signing in runs: ${commandLine}\nRun it? [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

function textOf({ message, hint, nearest = [] }: Problem): string {
  const sentence = /[.!?:]$/.test(message) ? message : `${message}.`;
  const names = nearest.map(({ namespace, name }) => `${namespace}/${name}`).join(", ");
  return `${sentence} ${hint}${names === "" ? "" : ` ${names}`}`;
}
