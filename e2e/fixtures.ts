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
    async ({ serverArgs }, provide) => {
      const server = await RunningServer.start(serverArgs);
      await provide(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  session: [
    async ({ server, browser }, provide) => {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(server.loginUrl);
      await provide(await context.storageState());
      await context.close();
    },
    { scope: "worker" },
  ],
  storageState: async ({ session }, provide) => provide(session),
  baseURL: async ({ server }, provide) => provide(server.origin),
});

export { expect } from "playwright/test";
