import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "playwright/test";

/** Nothing on the page as it is now offends against WCAG 2.2 AA, as far as axe can tell, in either theme. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const { violations } = await new AxeBuilder({ page })
      .withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"])
      .analyze();
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${colorScheme} ${id} ${target.join(" ")}: ${failureSummary ?? ""}`),
    );
    expect(found).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: null });
}
