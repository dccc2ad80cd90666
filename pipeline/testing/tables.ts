import type { Locator } from "playwright-core";

/** Opens the table below a chart, by its `details`, and waits for the rows, which are made when it is opened. */
export async function openTable(details: Locator): Promise<void> {
  await details.locator("summary").click();
  await details.locator("tbody tr").first().waitFor();
}
