/** Tokens that change: by a sign-in command, in a file, and not at all. */
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { ControlPlane } from "#e2e/control-plane.ts";
import { KubeApi } from "#e2e/kube-api.ts";
import { RunningServer } from "#e2e/running-server.ts";
import { expect, test } from "./fixtures.ts";
import { ServedCluster } from "./served.ts";
import { ServiceAccount } from "./service-account.ts";

// The server of each test signs in as the test says; nobody needs the usual one and its session, nor kube-scheduler.
test.use({ hasScheduler: false, storageState: undefined, baseURL: undefined });

const pods = "v1/pods";
const apiVersion = "client.authentication.k8s.io/v1";
let folder: string;

test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kube-inflight-sign-in-"));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a sign-in command runs once it is approved, once for all, again when its answer expires or is refused", async ({
  controlPlane,
  api,
  browser,
}) => {
  const account = await ServiceAccount.create(api, controlPlane.kubeconfig);
  const plugin = new SignInCommand(folder);
  const first = await account.token();
  plugin.answer({ token: first, ttlSeconds: 3600 });
  const server = await RunningServer.start(["--kubeconfig", kubeconfigOf(controlPlane, { exec: plugin.exec })]);
  const context = await browser.newContext({ baseURL: server.origin });
  try {
    const page = await context.newPage();
    await page.goto(server.loginUrl);
    await page.goto("/attach");
    const card = page.getByRole("article", { name: "signs-in" });
    await expect(card).toContainText(plugin.path);
    expect(plugin.runs).toEqual([]);
    await card.getByRole("button", { name: "Run it and attach" }).click();
    const cluster = await ServedCluster.connected(server);
    // A dozen informers began at the same time.
    expect(Object.keys((await cluster.informers()).informers).length).toBeGreaterThan(5);
    expect(plugin.runs).toEqual(["3600"]);

    await test.step("a refused answer is replaced by the next run", async () => {
      plugin.answer({ token: await account.token(), ttlSeconds: 3600 });
      await account.revoke(first);
      await relisted(cluster);
      expect(plugin.runs).toEqual(["3600", "3600"]);
    });

    await test.step("an answer that expires is replaced before it does", async () => {
      // Due for renewal from the very moment that it comes.
      const short = await account.token();
      plugin.answer({ token: short, ttlSeconds: 1 });
      await account.revoke(plugin.tokens.at(-2) ?? "");
      await expect.poll(async () => [await cluster.resources(), plugin.runs.at(-1)][1]).toBe("1");
      plugin.answer({ token: await account.token(), ttlSeconds: 3601 });
      await expect.poll(async () => [await cluster.resources(), plugin.runs.at(-1)][1]).toBe("3601");
      const runs = plugin.runs.length;
      await Promise.all(Array.from({ length: 20 }, () => cluster.resources()));
      expect(plugin.runs).toHaveLength(runs);
    });

    await test.step("an answer that stays refused is shown after one more run, and mended by a better one", async () => {
      const runs = plugin.runs.length;
      await account.revoke(plugin.tokens.at(-1) ?? "");
      await expect.poll(() => problemAfterRelist(cluster)).toBe("sign-in-expired");
      expect(plugin.runs.length).toBeGreaterThan(runs);
      plugin.answer({ token: await account.token(), ttlSeconds: 3600 });
      await expect.poll(() => problemOf(cluster)).toBeUndefined();
    });
  } finally {
    await context.close();
    await server.stop();
  }
});

test("a token file that rotates goes on; an expired token is shown, until there is a better one", async ({
  controlPlane,
  api,
  browser,
}) => {
  const account = await ServiceAccount.create(api, controlPlane.kubeconfig);
  const write = (token: string): void => {
    // As kubelet does: in one step.
    writeFileSync(join(folder, "token.new"), token);
    renameSync(join(folder, "token.new"), join(folder, "token"));
  };
  const [first, second] = [await account.token(), await account.token()];
  write(first);
  const tokenFile = join(folder, "token");
  const server = await RunningServer.start(["--kubeconfig", kubeconfigOf(controlPlane, { tokenFile })]);
  const context = await browser.newContext({ baseURL: server.origin });
  try {
    const cluster = await ServedCluster.connected(server);
    write(second);
    await account.revoke(first);
    await relisted(cluster);

    await account.revoke(second);
    await expect.poll(() => problemAfterRelist(cluster)).toBe("sign-in-expired");
    const page = await context.newPage();
    await page.goto(server.loginUrl);
    await page.goto(`/informers?resource=${pods}`);
    await expect(page.getByText(/sign-in expired/i).first()).toBeVisible();

    write(await account.token());
    await expect.poll(() => problemOf(cluster)).toBeUndefined();
    await expect(page.getByText(/sign-in expired/i)).toHaveCount(0);
  } finally {
    await context.close();
    await server.stop();
  }
});

/** The list that was asked for has come. */
async function relisted(cluster: ServedCluster): Promise<void> {
  const total = async () => (await cluster.informer(pods)).reflector.relistsTotal;
  const before = await total();
  await cluster.relist(pods);
  await expect.poll(total).toBeGreaterThan(before);
  await expect.poll(() => problemOf(cluster)).toBeUndefined();
  await expect.poll(async () => (await cluster.informer(pods)).row.reflector.phase).toBe("watching");
}

async function problemOf(cluster: ServedCluster): Promise<string | undefined> {
  return (await cluster.informer(pods)).row.problem?.code;
}

/** A watch that is open is not asked who it is: only a new request is. */
async function problemAfterRelist(cluster: ServedCluster): Promise<string | undefined> {
  await cluster.relist(pods);
  return problemOf(cluster);
}

function kubeconfigOf(controlPlane: ControlPlane, user: object): string {
  const path = join(folder, "kubeconfig");
  const { server } = new KubeApi(controlPlane.kubeconfig);
  const content = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "local", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "somebody", user }],
    contexts: [{ name: "signs-in", context: { cluster: "local", user: "somebody" } }],
    "current-context": "signs-in",
  };
  writeFileSync(path, JSON.stringify(content));
  return path;
}

/** A credential plugin that answers with what the test says, and writes down that it ran and for how long it answered. */
class SignInCommand {
  readonly path: string;
  readonly tokens: string[] = [];
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.path = join(folder, "sign-in.mjs");
    const source = [
      `import { appendFileSync, readFileSync } from "node:fs";`,
      `const folder = ${JSON.stringify(folder)};`,
      `const { token, ttlSeconds } = JSON.parse(readFileSync(folder + "/answer", "utf8"));`,
      `appendFileSync(folder + "/runs", ttlSeconds + "\\n");`,
      `const expirationTimestamp = new Date(Date.now() + ttlSeconds * 1000).toISOString();`,
      `const answer = { apiVersion: "${apiVersion}", kind: "ExecCredential", status: { token, expirationTimestamp } };`,
      // Long enough for everybody to be waiting.
      `setTimeout(() => console.log(JSON.stringify(answer)), 500);`,
    ];
    writeFileSync(this.path, source.join("\n"));
    writeFileSync(join(folder, "runs"), "");
  }

  get exec(): object {
    return { apiVersion, command: process.execPath, args: [this.path], interactiveMode: "Never" };
  }

  /** For how long each run answered, in seconds. */
  get runs(): readonly string[] {
    return readFileSync(join(this.#folder, "runs"), "utf8").split("\n").slice(0, -1);
  }

  answer(answer: { readonly token: string; readonly ttlSeconds: number }): void {
    this.tokens.push(answer.token);
    writeFileSync(join(this.#folder, "answer.new"), JSON.stringify(answer));
    renameSync(join(this.#folder, "answer.new"), join(this.#folder, "answer"));
  }
}
