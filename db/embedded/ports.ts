/** Ports of embedded services. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";

/** The port stored in a file if it is free, else a new one, so that clients find a restarted service again. */
export async function stablePort(file: string): Promise<number> {
  const stored = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  const port = await freePort(stored).catch(() => freePort());
  writeFileSync(file, String(port));
  return port;
}

/** A free port of 127.0.0.1. @param wanted rejects if this one is taken; 0 for any */
export function freePort(wanted = 0): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(wanted, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address ? resolvePort(address.port) : reject(new Error("no free port")),
      );
    });
  });
}
