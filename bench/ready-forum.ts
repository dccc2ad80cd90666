/** Serves a simulated forum with the proportions of the real one. Responses are cached: the crawler is measured. */
import { createForum } from "@potstats/simulator/forum";

const forum = createForum({ posts: Number(process.argv[2]), isProportioned: true });
const cache = new Map<string, { body: ArrayBuffer; init: ResponseInit }>();

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: async (request) => {
    let cached = cache.get(request.url);
    if (!cached) {
      const response = forum.fetch(request);
      cached = { body: await response.arrayBuffer(), init: { status: response.status, headers: response.headers } };
      cache.set(request.url, cached);
    }
    return new Response(cached.body, cached.init);
  },
});
console.log(server.url.origin);
