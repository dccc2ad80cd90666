/** Counters of this server, in potstats2's shape. */

interface View {
  hits: number;
  responses: Record<string, number>;
  responses_size: number;
  cache: { hits: number; miss: number; size: number; size_gzipped: number };
}

/** potstats2's names of its views where they differ from the path. */
const viewNames: Record<string, string> = { "poster-development": "poster_developmental_issues", "": "api" };

/** `/api/user-domains` → `user_domains`. */
export const viewOf = (path: string): string => {
  const name = path.replace(/^\/api\/?/, "");
  return viewNames[name] ?? name.replaceAll(/[/-]/g, "_");
};

export class BackendStats {
  private readonly views = new Map<string, View>();
  private notFound = 0;

  private view(name: string): View {
    let view = this.views.get(name);
    if (!view) {
      view = { hits: 0, responses: {}, responses_size: 0, cache: { hits: 0, miss: 0, size: 0, size_gzipped: 0 } };
      this.views.set(name, view);
    }
    return view;
  }

  response(name: string, status: number, size_bytes: number): void {
    if (status === 404) {
      this.notFound++;
      return;
    }
    const view = this.view(name);
    view.hits++;
    view.responses[status] = (view.responses[status] ?? 0) + 1;
    view.responses_size += size_bytes;
  }

  cacheHit(name: string): void {
    this.view(name).cache.hits++;
  }

  /** @param size_bytes of the answer as computed; `compressed_bytes` as it is kept */
  cacheMiss(name: string, size_bytes: number, compressed_bytes: number): void {
    const { cache } = this.view(name);
    cache.miss++;
    cache.size += size_bytes;
    cache.size_gzipped += compressed_bytes;
  }

  asJson(version: string): Record<string, unknown> {
    return { version, ...Object.fromEntries(this.views), "404_hits": this.notFound };
  }
}
