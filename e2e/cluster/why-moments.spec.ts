/** Verdicts that last a moment only, or take a kube-scheduler that stands still, or a reader who does not see everything. */
import { readFileSync, writeFileSync } from "node:fs";
import { RunningServer } from "#e2e/running-server.ts";
import { expect, test } from "./fixtures.ts";
import { moments } from "./why/moments.ts";
import { Pages } from "./why/page.ts";
import type { Situation } from "./why/situation.ts";
import { World } from "./why/world.ts";

// Whoever failed backs off for as long as the test looks at it; the server is told so by the same file.
test.use({
  controlPlaneName: ["why-moments", { scope: "worker" }],
  schedulerSettings: ["podInitialBackoffSeconds: 60\npodMaxBackoffSeconds: 60", { scope: "worker" }],
});

const mostInFlight = 8;

test("verdicts of a moment", async ({ api, controlPlane }, testInfo) => {
  test.skip(!controlPlane.isOurs, "a cluster that was given has nodes, and its scheduler is not frozen");
  const world = new World(api);
  const servers: RunningServer[] = [];
  const attached = async (...args: readonly string[]): Promise<Pages> => {
    const server = await RunningServer.start(args);
    servers.push(server);
    return Pages.of(server);
  };
  const asViewer = ["--kubeconfig", controlPlane.viewerKubeconfig];
  try {
    const pages = await attached(...asViewer, "--scheduler-config", controlPlane.schedulerConfig);
    const shows = async (situation: Situation, on = pages): Promise<void> => {
      const shown = await on.shownFor(situation);
      expect
        .soft([shown?.pod.verdict.code, shown?.headline], situation.name)
        .toEqual([situation.code, expect.stringContaining(situation.says)]);
    };

    const { freed, tight, again, unheard, silent, room: roomy } = moments;
    await test.step("the situations are set up", () => world.build([freed, tight, again, unheard, silent, roomy]));
    await test.step("recreated under its name", async () => {
      await shows(moments.again);
      await world.deletePod(moments.again, "pod");
      await world.addPods(moments.again, ["pod"]);
      const facts = async () => (await pages.shown(moments.again))?.pod.facts.map(({ title }) => title);
      await expect.poll(facts).toEqual(expect.arrayContaining([...moments.again.facts]));
    });
    await test.step("kube-scheduler stands still", async () => {
      controlPlane.freeze("kube-scheduler");
      const room = (name: string) => ({ ...moments.room, pod: { name } });
      const names = Array.from({ length: mostInFlight }, (_, index) => `flies-${index}`);
      await world.addPods(moments.room, names);
      for (const name of names) await shows(room(name));
      // Once so many are late nobody else is tried.
      let last = "";
      const code = async (name: string) => (await pages.shown(room(name)))?.pod.verdict.code;
      await expect
        .poll(async () => {
          last = `waits-${Date.now()}`;
          await world.addPods(moments.room, [last]);
          await expect.poll(() => code(last)).toBeDefined();
          return code(last);
        })
        .toBe("queued");
      await shows({ ...moments.waiting, pod: { name: last } });
      await world.deletePod(moments.freed, "filler");
      await world.deletePod(moments.tight, "small");
      await shows(moments.freed);
      await shows(moments.tight);
      await controlPlane.restart("kube-scheduler", "KILL");
      for (const situation of [room("flies-0"), room(last), moments.freed])
        await expect.poll(() => world.nodeOf(situation)).toBe(`why-${situation.name}-a`);
    });
    await test.step("a reader whose configuration is not kube-scheduler's", async () => {
      const config = testInfo.outputPath("scheduler.yaml");
      const off = "plugins: {filter: {disabled: [{name: NodePorts}]}, preFilter: {disabled: [{name: NodePorts}]}}";
      const strange = off.replace("filter: {", "filter: {enabled: [{name: Licenses}], ");
      const written = (name: string, plugins: string): string => {
        writeFileSync(`${config}-${name}`, `kind: KubeSchedulerConfiguration\nprofiles: [{${plugins}}]\n`);
        return `${config}-${name}`;
      };
      const mistaken = await attached(...asViewer, "--scheduler-config", written("mistaken", off));
      const wary = await attached(...asViewer, "--scheduler-config", written("wary", strange));
      await world.build([moments.portTaken]);
      // What is said in the second after somebody came to a node is held against nobody: so it is said again.
      const saidAgain = async (): Promise<string | undefined> => {
        await world.deletePod(moments.portTaken, "pod");
        await world.addPods(moments.portTaken, ["pod"]);
        return (await mistaken.shownFor(moments.portTaken, 5_000))?.pod.verdict.code;
      };
      await expect.poll(saidAgain).toBe(moments.portTaken.code);
      await shows(moments.portTaken, mistaken);
      await shows(moments.stranger, wary);
    });
    await test.step("a reader who may not read everything", async () => {
      await world.build([moments.blind]);
      await allowNothingOfStorage(api);
      const kubeconfig = testInfo.outputPath("kubeconfig-blind");
      const administrators = readFileSync(controlPlane.kubeconfig, "utf8");
      writeFileSync(kubeconfig, administrators.replace("token: admin-token", "token: admin-token, as: why-blind"));
      await shows(moments.blind, await attached("--kubeconfig", kubeconfig));
    });
    await test.step("nobody says anything for two minutes", async () => {
      await world.forgetWords(moments.unheard);
      const late = await attached(...asViewer);
      const isShown = async (): Promise<boolean> => {
        const name = `news-${Date.now()}`;
        await world.addPods(moments.room, [name]); // others are bound
        return (await late.shown(moments.unheard))?.pod.verdict.code === moments.unheard.code;
      };
      await expect.poll(isShown, { timeout: 150_000, intervals: [1_000] }).toBe(true);
      await shows(moments.unheard, late);
      await expect
        .poll(async () => (await pages.shown(moments.silent))?.pod.verdict.code, { timeout: 150_000 })
        .toBe(moments.silent.code);
      await shows(moments.silent);
    });
  } finally {
    for (const server of servers) await server.stop();
  }
});

async function allowNothingOfStorage(api: ConstructorParameters<typeof World>[0]): Promise<void> {
  const name = "why-blind";
  const verbs = ["get", "list", "watch"];
  await api.request("POST", "/apis/rbac.authorization.k8s.io/v1/clusterroles", {
    metadata: { name },
    rules: [
      { apiGroups: [""], resources: ["pods", "nodes", "namespaces", "persistentvolumeclaims"], verbs },
      { apiGroups: ["events.k8s.io", "coordination.k8s.io"], resources: ["*"], verbs },
    ],
  });
  await api.request("POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
    metadata: { name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
    subjects: [{ kind: "User", name, apiGroup: "rbac.authorization.k8s.io" }],
  });
}
