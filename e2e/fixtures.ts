import { test as base, type BrowserContext } from "playwright/test";
import { RunningServer } from "./running-server.ts";

interface WorkerFixtures {
  /** Arguments of the server under test, e.g. `["--demo", "--scenario", "small"]`. */
  readonly serverArgs: readonly string[];
  readonly server: RunningServer;
  /** What a browser keeps after the login link was opened, which works once. */
  readonly session: Awaited<ReturnType<BrowserContext["storageState"]>>;
}

/** A test gets a page that is signed in to a server of its file's own. */
export const test = base.extend<object, WorkerFixtures>({
  serverArgs: [["--demo", "--scenario", "small"], { scope: "worker", option: true }],
  server: [
    async ({ serverArgs }, use) => {
      const server = await RunningServer.start(serverArgs);
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  session: [
    async ({ server, browser }, use) => {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(server.loginUrl);
      await use(await context.storageState());
      await context.close();
    },
    { scope: "worker" },
  ],
  storageState: async ({ session }, use) => use(session),
  baseURL: async ({ server }, use) => use(server.origin),
});

export { expect } from "playwright/test";
