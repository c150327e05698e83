/** Every page at rest in both themes, as axe sees it: WCAG 2.2 AA; and in every width without anything cut off. */
import { expectAccessible } from "#e2e/axe.ts";
import { expect, test } from "#e2e/fixtures.ts";
import { takePictures } from "#e2e/pictures.ts";

const pages = [
  { name: "01-overview", path: "/?cluster=demo", heading: "Overview" },
  { name: "02-informers-quiet", path: "/informers?cluster=demo&resource=v1/pods", heading: "Informers" },
  { name: "03-queue-quiet", path: "/queue?cluster=demo", heading: "Queue" },
  { name: "09-faults-quiet", path: "/demo?cluster=demo", heading: "Demo" },
  { name: "07a-attach-demo", path: "/attach", heading: /kubeconfig|cluster/i },
] as const;

for (const { name, path, heading } of pages) {
  test(`${path} in both themes`, async ({ page }) => {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
    await expectAccessible(page);
    await takePictures(page, name);
  });

  test(`${path} fits every width, and targets are large enough for fingers`, async ({ page }) => {
    for (const width of [1440, 1280, 1024, 820, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, `${path} at ${width}`).toBeLessThanOrEqual(0);
      const least = width < 1024 ? 40 : 24;
      const small = await page.evaluate((least) => {
        const shown = [...document.querySelectorAll("button, [role=button], nav a")].filter(
          (element) => element.checkVisibility() && element.closest("table, [role=listbox], dl, .sonner") === null,
        );
        return shown
          .filter((element) => element.getBoundingClientRect().height < least - 0.5)
          .map((element) => `${element.tagName} ${element.textContent} ${element.getBoundingClientRect().height}`);
      }, least);
      expect(small, `${path} at ${width}`).toEqual([]);
    }
  });
}
