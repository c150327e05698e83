import { expect } from "playwright/test";
import { diagnosisReport, type DiagnosisReport, type NearMiss } from "#lib/protocol/index.ts";
import type { RunningServer } from "#e2e/running-server.ts";
import { ServedCluster } from "#e2e/cluster/served.ts";
import { namespaceOf, type Call, type Situation } from "./situation.ts";
import type { World } from "./world.ts";

export type Shown = Pick<DiagnosisReport, "headline" | "pod">;

/** What the page of a pod shows, as the server gives it. */
export class Pages {
  readonly #server: RunningServer;
  readonly #cluster: ServedCluster;

  private constructor(server: RunningServer, cluster: ServedCluster) {
    this.#server = server;
    this.#cluster = cluster;
  }

  static async of(server: RunningServer): Promise<Pages> {
    return new Pages(server, await ServedCluster.connected(server));
  }

  /** `undefined` before it was judged. */
  async shown({ name, pod }: Pick<Situation, "name" | "pod">): Promise<Shown | undefined> {
    const path = `/api/clusters/${this.#cluster.id}/pods/${namespaceOf(name)}/${pod?.name ?? "pod"}/diagnosis`;
    const { status, body } = await this.#server.api("GET", path);
    return status === 200 ? diagnosisReport.parse(body) : undefined;
  }

  /** Once it shows what is expected; else what it shows in the end. */
  async shownFor(situation: Situation, timeout = patienceMs): Promise<Shown | undefined> {
    let last: Shown | undefined;
    const isAsExpected = async (): Promise<boolean> => {
      last = await this.shown(situation);
      return last?.pod.verdict.code === situation.code && last.headline.includes(situation.says);
    };
    await expect
      .poll(isAsExpected, { timeout })
      .toBe(true)
      .catch(() => undefined);
    return last;
  }

  /** In a word, for the table of those that are not cured. */
  async whatBecameOf(situation: Situation, world: World): Promise<string> {
    let last = "";
    const fate = async (): Promise<string> => {
      const node = await world.nodeOf(situation);
      const shown = await this.shown(situation);
      const isOwn = node?.startsWith(namespaceOf(situation.name)) === true;
      last = isOwn && shown?.pod.state === "bound" ? "bound to a node of its own" : `${node} ${shown?.headline}`;
      return last;
    };
    await expect
      .poll(fate, { timeout: patienceMs })
      .toBe("bound to a node of its own")
      .catch(() => undefined);
    return last;
  }
}

/** A nomination is left alone for ten seconds, a sweep comes every second: this is many times that on a slow machine. */
const patienceMs = 25_000;

const groups: Readonly<Record<string, string>> = { v1: "/api/v1" };
const plurals: Readonly<Record<string, string>> = {
  Pod: "pods",
  Node: "nodes",
  Deployment: "deployments",
  ResourceClaim: "resourceclaims",
};

/** The page's own patch as a call: one operation of RFC 6902, or the deletion of an object. */
export function callOf({ patch: { op, target, value } }: NearMiss): Call {
  const group = groups[target.apiVersion] ?? `/apis/${target.apiVersion}`;
  const plural = plurals[target.kind];
  if (plural === undefined) throw new Error(`no call is known for a ${target.kind}`);
  const scope = target.namespace === undefined ? "" : `/namespaces/${target.namespace}`;
  const subresource = target.subresource === undefined ? "" : `/${target.subresource}`;
  const path = `${group}${scope}/${plural}/${target.name}${subresource}`;
  if (op === "delete") return { method: "DELETE", path: `${path}?gracePeriodSeconds=0` };
  const body = [{ op, path: target.path, ...(value === undefined ? {} : { value }) }];
  return { method: "PATCH", path, body, contentType: "application/json-patch+json" };
}
