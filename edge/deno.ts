/** `deno run -A edge/deno.ts`: serves the API and the web application with Deno. */
import { serve } from "./serve.ts";

/** The part of Deno's API that is used here. */
declare const Deno: {
  serve(
    options: { hostname: string; port: number; onListen(): void },
    handler: (request: Request, info: { remoteAddr: { hostname?: string } }) => Response | Promise<Response>,
  ): { addr: { port: number }; shutdown(): Promise<void> };
};

// Deno's own object of the environment is a copy: changes of NO_PROXY would have no effect.
await serve("deno run -A edge/deno.ts", process.env, async ({ HOST, PORT }, fetch) => {
  const server = Deno.serve({ hostname: HOST, port: PORT, onListen: () => {} }, (request, { remoteAddr }) =>
    fetch(request, { address: () => remoteAddr.hostname }),
  );
  return { port: server.addr.port, stop: () => server.shutdown() };
});
