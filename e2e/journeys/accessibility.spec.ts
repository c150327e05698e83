/** Every page in both themes, as axe sees it: WCAG 2.2 AA. */
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "#e2e/fixtures.ts";
import { takePictures } from "#e2e/pictures.ts";

const pages = [
  { name: "01-overview", path: "/?cluster=demo", heading: "Overview" },
  { name: "02-informers-quiet", path: "/informers?cluster=demo&resource=v1/pods", heading: "Informers" },
  { name: "03-queue-quiet", path: "/queue?cluster=demo", heading: "Queue" },
  { name: "07a-attach", path: "/attach", heading: /kubeconfig|cluster/i },
] as const;

for (const { name, path, heading } of pages) {
  for (const colorScheme of ["dark", "light"] as const) {
    test(`${path} in the ${colorScheme} theme`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
      const { violations } = await new AxeBuilder({ page })
        .withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"])
        .analyze();
      const found = violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
      );
      expect(found).toEqual([]);
      if (colorScheme === "dark") await takePictures(page, name);
    });
  }
}

test("a page whose server is gone says so, and comes back by itself", async ({ page, context }) => {
  await page.goto("/queue?cluster=demo");
  await expect(page.getByTestId("stepbar-pause")).toBeEnabled();
  await context.setOffline(true);
  await expect(page.getByText(/reconnecting|connection lost|not reachable|retrying/i).first()).toBeVisible();
  await takePictures(page, "07c-reconnecting");
  await context.setOffline(false);
  await expect(page.getByText(/retrying/i)).toHaveCount(0);
});
