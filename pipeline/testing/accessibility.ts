/** Accessibility of pages, for browser tests. The page's context needs `bypassCSP`. */
import axe, { type RunOptions } from "axe-core";
import type { Page } from "playwright-core";

const everything: RunOptions = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};
/** The rules that depend on colors; all others give the same results in light and dark. */
const colors: RunOptions = { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } };

/** Violations that axe-core finds (WCAG 2.2 AA and best practices), in light and dark. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found: string[] = [];
  for (const [colorScheme, rules] of [
    ["light", everything],
    ["dark", colors],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    const results = await page.evaluate(
      async (options) => {
        const result = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, options);
        return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(", ")}`);
      },
      { ...rules, resultTypes: ["violations"] } satisfies RunOptions as RunOptions,
    );
    found.push(...results.map((violation) => `${colorScheme}: ${violation}`));
  }
  return found;
}
