/** `deno run -A edge/deno.ts`: serves the API and the web application with Deno. */
import { CommandError } from "@potstats/cli/command";
import { connect } from "@potstats/db/connect";
import { type Listen, serve } from "./serve.ts";

/** The part of Deno's API that is used here. */
declare const Deno: {
  permissions: { querySync(permission: { name: "read" | "write"; path: string }): { state: string } };
  serve(
    options: { hostname: string; port: number; onListen(): void },
    handler: (request: Request, info: { remoteAddr: { hostname?: string } }) => Response | Promise<Response>,
  ): { addr: { port: number }; shutdown(): Promise<void> };
};

/**
 * Refuses a Unix socket that Deno would not let the driver open: it would throw where nothing catches it.
 * @throws CommandError
 */
function requireSocket(url: string): void {
  try {
    const { path } = connect(url).options;
    if (!path) return;
    const states = (["read", "write"] as const).map((name) => Deno.permissions.querySync({ name, path }).state);
    if (states.every((state) => state === "granted")) return;
  } catch (error) {
    if ((error as Error).name !== "NotCapable") throw error;
  }
  throw new CommandError(
    'a Unix socket needs --allow-read and --allow-write for its folder: docs/operations.md, "Node and Deno"',
  );
}

const listen: Listen = async ({ HOST, PORT }, fetch) => {
  const server = Deno.serve({ hostname: HOST, port: PORT, onListen: () => {} }, (request, { remoteAddr }) =>
    fetch(request, { address: () => remoteAddr.hostname }),
  );
  return { port: server.addr.port, stop: () => server.shutdown() };
};

// Deno's own object of the environment is a copy: changes of NO_PROXY would have no effect.
await serve("deno run -A edge/deno.ts", process.env, listen, requireSocket);
