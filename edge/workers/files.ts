/** The web application's files, which the platform keeps. */
import { assetOf, isServed, withBase } from "@potstats/server/site/assets";
import type { Asset } from "@potstats/server/site/static";
import type { Environment } from "./settings.ts";

/** Files that were requested, by path. They do not change while the Worker runs. */
export class Files extends Map<string, Asset> {
  private readonly basePath: string;

  constructor(basePath: string) {
    super();
    this.basePath = basePath;
  }

  /** Fetches a file, unless it is there; there may be none of this name. */
  async load(path: string, { ASSETS }: Environment): Promise<void> {
    if (!ASSETS || this.has(path) || !isServed(path)) return;
    const response = await ASSETS.fetch(`https://files.internal${path}`);
    const built = new Uint8Array(await response.arrayBuffer());
    if (response.status !== 200) return;
    this.set(path, assetOf(path, path === "/index.html" ? withBase(built, this.basePath) : built));
  }
}
