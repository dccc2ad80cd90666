/** The simulated forum, which keeps its answers: to measure who asks, not who answers. Its boards and threads have the proportions of the real ones. */
import { createForum } from "@potstats/simulator/forum";

const forum = createForum({ posts: Number(process.argv[2]), isProportioned: true });
const ready = new Map<string, { body: ArrayBuffer; init: ResponseInit }>();

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: async (request) => {
    let answer = ready.get(request.url);
    if (!answer) {
      const made = forum.fetch(request);
      answer = { body: await made.arrayBuffer(), init: { status: made.status, headers: made.headers } };
      ready.set(request.url, answer);
    }
    return new Response(answer.body, answer.init);
  },
});
console.log(server.url.origin);
