/** `node edge/node.ts`: serves the API and the web application with Node. */
import { once } from "node:events";
import { createAdaptorServer } from "@hono/node-server";
import { serve } from "./serve.ts";

/** Milliseconds for requests in flight when the server stops. */
const stopTimeout_ms = 5000;

await serve("node edge/node.ts", process.env, async ({ HOST, PORT, IDLE_TIMEOUT }, fetch) => {
  const server = createAdaptorServer({
    fetch: (request, { incoming }) => fetch(request, { address: () => incoming.socket.remoteAddress }),
    serverOptions: { keepAliveTimeout: IDLE_TIMEOUT * 1000 },
  });
  server.listen(PORT, HOST);
  await once(server, "listening");
  return {
    port: (server.address() as { port: number }).port,
    stop: async () => {
      setTimeout(() => "closeAllConnections" in server && server.closeAllConnections(), stopTimeout_ms).unref();
      server.close();
      await once(server, "close");
    },
  };
});
