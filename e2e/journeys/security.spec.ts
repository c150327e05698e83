import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright/test";
import { expect, test } from "../fixtures.ts";

/** What a page manages to do with the server: status codes, or how the browser words its refusal. */
interface Reached {
  readonly read: string;
  readonly write: string;
  readonly poll: string;
  readonly webSocket: string;
}

function reach(page: Page, server: string): Promise<Reached> {
  return page.evaluate(async (server) => {
    const ask = (path: string, init: RequestInit = {}): Promise<string> =>
      fetch(server + path, { credentials: "include", ...init }).then(
        ({ status }) => `${status}`,
        () => "refused",
      );
    const webSocket = new Promise<string>((resolve) => {
      const socket = new WebSocket(`${server.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`);
      socket.addEventListener("open", () => resolve("open"));
      socket.addEventListener("error", () => resolve("refused"));
    });
    return {
      read: await ask("/api/clusters"),
      write: await ask("/api/clusters", {
        method: "POST",
        body: "{}",
        headers: { "content-type": "application/json" },
      }),
      poll: await ask("/socket.io/?EIO=4&transport=polling"),
      webSocket: await webSocket,
    };
  }, server);
}

/** A page of somebody else, on another port of this machine: to the browser the same site, cookies and all. */
async function anotherPort(link: string): Promise<Server> {
  const server = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html").end(`<!doctype html><a href="${link}">a link</a>`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

test("our own page reaches the server by every way", async ({ page, server }) => {
  await page.goto("/");
  // 400: it came in, and an empty object is no cluster to attach.
  expect(await reach(page, server.origin)).toEqual({ read: "200", write: "400", poll: "200", webSocket: "open" });
});

test("the page runs with the policy that it is served with", async ({ page }) => {
  const violations: string[] = [];
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) violations.push(message.text());
  });
  await page.goto("/");
  await expect(page.locator("body")).not.toBeEmpty();
  expect(violations).toEqual([]);
});

test("pages of other sites reach nothing, although the browser would send our cookie along", async ({
  page,
  server,
}) => {
  const other = await anotherPort(`${server.origin}/queue`);
  const { port } = other.address() as AddressInfo;
  try {
    for (const host of ["127.0.0.1", "localhost"]) {
      await page.goto(`http://${host}:${port}/`);
      const refused = { read: "refused", write: "refused", poll: "refused", webSocket: "refused" };
      expect(await reach(page, server.origin)).toEqual(refused);
      const answer = page.waitForResponse(`${server.origin}/queue`);
      await page.getByRole("link").click();
      expect((await answer).status()).toBe(403);
    }
  } finally {
    other.close();
    other.closeAllConnections();
  }
});

test("a link works once: the second reader gets a plain page", async ({ browser, server, session }) => {
  expect(session.cookies).toHaveLength(1);
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const page = await context.newPage();
  expect((await page.goto(server.loginUrl))?.status()).toBe(401);
  await expect(page.getByRole("heading", { name: "This link does not work any more" })).toBeVisible();
  expect((await page.goto(server.origin))?.status()).toBe(401);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await context.close();
});
