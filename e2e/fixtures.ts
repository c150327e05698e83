import { test as base } from "playwright/test";
import { RunningServer } from "./running-server.ts";

interface Options {
  /** Arguments of the server under test, e.g. `["--demo", "--scenario", "small"]`. */
  readonly serverArgs: readonly string[];
}

/** A test gets a page that is signed in to a server of its file's own. */
export const test = base.extend<object, Options & { readonly server: RunningServer }>({
  serverArgs: [["--demo", "--scenario", "small"], { scope: "worker", option: true }],
  server: [
    async ({ serverArgs }, use) => {
      const server = await RunningServer.start(serverArgs);
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  storageState: async ({ server, browser }, use) => {
    const context = await browser.newContext({ storageState: undefined });
    const page = await context.newPage();
    await page.goto(server.loginUrl);
    await use(await context.storageState());
    await context.close();
  },
});

export { expect } from "playwright/test";
