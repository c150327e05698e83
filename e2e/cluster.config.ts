import process from "node:process";
import { defineConfig } from "playwright/test";
import { browser } from "./browser.ts";

export default defineConfig({
  testDir: ".",
  testMatch: "cluster/*.spec.ts",
  outputDir: "../test-results",
  timeout: 300_000,
  expect: { timeout: 60_000 },
  workers: 1,
  forbidOnly: true,
  retries: process.env["CI"] === undefined ? 0 : 1,
  use: { ...browser, actionTimeout: 30_000, navigationTimeout: 60_000 },
});
