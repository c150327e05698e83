import process from "node:process";
import type { PlaywrightTestOptions, PlaywrightWorkerOptions } from "playwright/test";

/** Chromium as e2e/chromium.ts found it, in the size of the mockups. It never talks to anything but the page under test. */
export const browser: Partial<PlaywrightTestOptions & PlaywrightWorkerOptions> = {
  viewport: { width: 1440, height: 900 },
  colorScheme: "dark",
  locale: "en-US",
  timezoneId: "UTC",
  trace: "retain-on-failure",
  launchOptions: {
    executablePath: process.env.KUBE_INFLIGHT_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  },
};
