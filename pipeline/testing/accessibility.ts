/** Accessibility of pages, for browser tests. The page's context needs `bypassCSP`. */
import axe from "axe-core";
import type { Page } from "playwright-core";

/** Violations that axe-core finds (WCAG 2.2 AA and best practices), in light and dark. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const results = await page.evaluate(async () => {
      const result = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      });
      return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(", ")}`);
    });
    found.push(...results.map((violation) => `${colorScheme}: ${violation}`));
  }
  return found;
}
