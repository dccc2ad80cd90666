/** Turns SVG into PNG in a thread of its own: a picture takes about 100 ms. Fonts are of the package, never of the system. */
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { parentPort } from "node:worker_threads";
import { initWasm, Resvg } from "@resvg/resvg-wasm";

const { resolve } = createRequire(import.meta.url);
const read = async (name: string) => new Uint8Array(await readFile(resolve(name)));

const loading = Promise.all([
  read("@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf"),
  read("@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf"),
  initWasm(read("@resvg/resvg-wasm/index_bg.wasm")),
]);

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
const answer = (message: object) => parentPort?.postMessage(message);

parentPort?.on("message", async ({ id, svg }: { id: number; svg: string }) => {
  try {
    const [regular, bold] = await loading;
    const picture = new Resvg(svg, { font: { fontBuffers: [regular, bold], defaultFontFamily: "Inter" } });
    const rendered = picture.render();
    const png = rendered.asPng();
    rendered.free();
    picture.free();
    answer({ id, png });
  } catch (error) {
    answer({ id, error: error instanceof Error ? error.message : String(error) });
  }
});
