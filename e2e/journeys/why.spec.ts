/** From what is stuck to its cause, and to the change that frees it: Overview, Pods, and the page of one pod. */
import { join } from "node:path";
import { expectAccessible } from "#e2e/axe.ts";
import { expect, test } from "#e2e/fixtures.ts";
import { KubeApi } from "#e2e/kube-api.ts";
import { aLocalQueue, aWorkload, defineKueue, isKueueServed, kueuePath } from "#e2e/kueue-shape.ts";
import { takePictures } from "#e2e/pictures.ts";

// A server of this file's own: what other journeys leave behind may have room for anything.
test.use({ serverArgs: [["--demo", "--scenario", "small", "--log-level", "warn"], { scope: "worker" }] });

/** No node has 300 cores free, but the one that comes in the first test, and then it is full. */
async function createLarge(api: KubeApi, name: string): Promise<string> {
  await api.createPod("default", name, "300");
  return api.pod("default", name);
}

test("from the overview to the cause of a stuck pod in one click, and the change that frees it", async ({
  page,
  server,
}) => {
  const api = new KubeApi(join(server.stateDir, "demo.kubeconfig"));
  const uid = await createLarge(api, "indexer");
  await page.goto("/?cluster=demo");
  await expect(page.getByTestId("overview-sentence")).toContainText(/needs? you|Nothing needs you/);
  const attention = page.getByRole("region", { name: "Needs attention" });
  await expect(attention.getByText(/Blocked until something changes/)).toBeVisible();
  await takePictures(page, "01-overview");
  await expectAccessible(page);

  await attention.locator("a[href*='name=indexer']").click();
  await expect(page).toHaveURL(/\/pod\?.*name=indexer/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("indexer");
  await expect(page.getByTestId("pod-verdict")).toContainText(/No node fits|Nearly fits/);
  await expect(page.getByRole("region", { name: "Why each node says no" })).toContainText("NodeResourcesFit");
  await expect(page.getByRole("region", { name: "What happened" })).toBeVisible();
  await takePictures(page, "04-pod");
  await expectAccessible(page);

  const whatIf = page.getByRole("region", { name: "What if" });
  await whatIf.getByLabel("cpu").fill("100m");
  await whatIf.getByRole("button", { name: "Try it" }).click();
  await expect(page.getByTestId("whatif-answer")).toContainText(/nodes? takes? it/);

  await api.createNode("roomy", { cpu: "320", labels: { pool: "spot" } });
  await expect
    .poll(async () => (await api.pods("default")).find(({ metadata }) => metadata.uid === uid)?.spec.nodeName)
    .toBe("roomy");
  // The page stays, with what it said last.
  const verdict = page.getByTestId("pod-verdict");
  await expect(verdict).toContainText(/Bound to roomy at \d\d:\d\d:\d\d\./);
  await expect(verdict).toContainText(/Last verdict(No node|Nearly) fits/);
  await expect(page.getByRole("region", { name: "What happened" })).toBeVisible();
});

test("a pod that is deleted stays on its page; a name that nobody has leads to those that are like it", async ({
  page,
  server,
}) => {
  const api = new KubeApi(join(server.stateDir, "demo.kubeconfig"));
  await createLarge(api, "ledger-1");
  await createLarge(api, "ledger-2");
  await page.goto("/pod?cluster=demo&ns=default&name=ledger-1");
  const verdict = page.getByTestId("pod-verdict");
  await expect(verdict).toContainText(/No node fits|Nearly fits/);
  await api.deletePod("default", "ledger-1");
  await expect(verdict).toContainText(/Deleted at \d\d:\d\d:\d\d\./);
  await expect(page.getByRole("region", { name: "What happened" })).toBeVisible();
  await expectAccessible(page);

  await page.goto("/pod?cluster=demo&ns=default&name=ledger-3");
  await expect(page.getByText("There is no pod default/ledger-3, or it has ended.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("list", { name: "Nearest names" }).getByRole("link", { name: "default/ledger-2" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("ledger-2");
  await expect(verdict).toContainText(/No node fits|Nearly fits/);
});

test("of a pod that Kueue holds it is told what Kueue waits for, in Kueue's own words", async ({ page, server }) => {
  const api = new KubeApi(join(server.stateDir, "demo.kubeconfig"));
  const [version, namespace, name] = ["v1beta2", "default", "train-0"] as const;
  await api.request("POST", `/api/v1/namespaces/${namespace}/pods`, {
    metadata: { name, labels: { "kueue.x-k8s.io/queue-name": "training" } },
    spec: {
      schedulingGates: [{ name: "kueue.x-k8s.io/admission" }],
      containers: [{ name: "main", image: "none.invalid/none", resources: { requests: { cpu: "1" } } }],
    },
  });
  await page.goto(`/pod?cluster=demo&ns=${namespace}&name=${name}`);
  const said = page.getByRole("region", { name: "What others say" });
  await expect(said).toContainText("The cluster serves no API of Kueue: nobody takes the gate away");

  await defineKueue(api, version);
  await expect.poll(() => isKueueServed(api, version)).toBe(true);
  const message = "insufficient unused quota for nvidia.com/gpu in flavor a100, 6 more needed";
  const pending = { type: "QuotaReserved", status: "False", reason: "Pending", message };
  const workload = aWorkload(version, { name, uid: await api.pod(namespace, name) }, [pending]);
  await api.request("POST", kueuePath(version, namespace, "workloads"), workload);
  await api.request(
    "POST",
    kueuePath(version, namespace, "localqueues"),
    aLocalQueue(version, { pendingWorkloads: 7 }),
  );
  // What is served is asked again after half a minute: somebody who comes now need not wait for it.
  await expect(said).toContainText("Kueue waits for quota", { timeout: 90_000 });
  await expect(said).toContainText(message);
  await expect(said).toContainText("It feeds cluster queue gpu. 7 Workloads wait in it.");
  await expectAccessible(page);
});

test("one toleration away: the near miss says so, and what it says is true", async ({ page, server }) => {
  const api = new KubeApi(join(server.stateDir, "demo.kubeconfig"));
  await api.createNode("tainted", { cpu: "2000", taints: [{ key: "spot", value: "true", effect: "NoSchedule" }] });
  await api.createPod("default", "picky", "1500");
  await page.goto("/pod?cluster=demo&ns=default&name=picky");
  await expect(page.getByTestId("pod-verdict").locator("h2")).toHaveAttribute("data-code", "near-toleration");
  await expect(page.getByTestId("nearmiss-1")).toContainText(/spot/);
  const whatIf = page.getByRole("region", { name: "What if" });
  await whatIf.getByLabel("tolerates").fill("spot=true:NoSchedule");
  await whatIf.getByRole("button", { name: "Try it" }).click();
  await expect(page.getByTestId("whatif-answer")).toContainText("tainted");
});

test("pods are searched, grouped and sorted from the address", async ({ page, server }) => {
  const api = new KubeApi(join(server.stateDir, "demo.kubeconfig"));
  for (const name of ["report-1", "report-2"]) await createLarge(api, name);
  await page.goto("/pods?cluster=demo");
  await expect(page.getByRole("row", { name: /report-1/ })).toBeVisible();
  await takePictures(page, "05-pods");
  await expectAccessible(page);

  const search = page.getByRole("textbox", { name: "Filter pods" });
  await search.fill("report");
  await expect(page.getByRole("row", { name: /report-/ })).toHaveCount(2);
  await expect(page.getByRole("row", { name: /large-/ })).toHaveCount(0);
  await search.press("Enter");
  await expect(page).toHaveURL(/q=report/);
  await search.fill("age>9d");
  await expect(page.getByText("No pods match.")).toBeVisible();
  await page.getByRole("button", { name: "Drop age>9d" }).click();
  await expect(page.getByRole("row", { name: /report-/ })).toHaveCount(2);

  await page.getByRole("button", { name: "Pod", exact: true }).click();
  await expect(page).toHaveURL(/sort=name/);
  await page.reload();
  await expect(page.getByRole("row", { name: /report-/ }).first()).toContainText("report-1");

  await search.fill("age>five");
  await expect(page.getByText(/expected a duration/).first()).toBeVisible();
});
