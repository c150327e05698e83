import { mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Page } from "playwright/test";

/** Where pictures go: to the documentation when somebody asks for new ones, else beside the results. */
const folder = process.env.KUBE_INFLIGHT_PICTURES ?? "test-results/pictures";

const sizes = [
  { width: 1440, height: 900 },
  { width: 820, height: 1180 },
] as const;

/** Keeps the page as it is now, in both themes and both sizes, as `<name>-<theme>-<width>.png`. */
export async function takePictures(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const before = page.viewportSize();
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const theme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await page.mouse.move(0, 0);
      await page.screenshot({ path: join(folder, `${name}-${theme}-${size.width}.png`), animations: "disabled" });
    }
  }
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: null });
  if (before !== null) await page.setViewportSize(before);
}
