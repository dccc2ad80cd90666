/** The app uses web standards only, so that other runtimes serve it, too; edge/contract.test.ts runs it there. */
import { expect, test } from "bun:test";

test("the app imports only Node's zlib, and does not use Bun", async () => {
  const { pathname } = new URL("../app.ts", import.meta.url);
  const conditions = ["workerd", "browser"];
  const { outputs } = await Bun.build({ entrypoints: [pathname], target: "node", conditions });
  const text = await outputs[0]!.text();
  const imports = new Bun.Transpiler({ loader: "js" }).scanImports(text).map(({ path }) => path);
  expect([...new Set(imports)].toSorted()).toEqual(["node:zlib"]);
  expect(text).not.toMatch(/\bBun\b\s*[.?[]/);
});
