/** A TCP proxy in front of a database, which tests can close or pause. */
import { createServer, connect as dial, type Server, type Socket } from "node:net";

export interface TcpProxy {
  /** The URL of the database through the proxy. */
  url: string;
  /** Closes all connections and rejects new ones. */
  close(): void;
  open(): Promise<void>;
  /** Keeps connections open, but forwards nothing. */
  pause(): void;
  resume(): void;
  /** Open connections to the database. */
  connections(): number;
}

/** Starts an open proxy in front of the database at `url`. */
export async function openTcpProxy(url: string): Promise<TcpProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let server: Server;
  let isPaused = false;
  const listen = (port: number) =>
    new Promise<number>((resolve, reject) => {
      server = createServer((near) => {
        const far = dial(Number(target.port || 5432), target.hostname);
        for (const [one, other] of [
          [near, far],
          [far, near],
        ] as const) {
          sockets.add(one);
          one.on("data", (bytes) => {
            if (!isPaused) other.write(bytes);
          });
          one.on("error", () => other.destroy());
          one.on("close", () => {
            sockets.delete(one);
            other.destroy();
          });
        }
      })
        .on("error", reject)
        .listen(port, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
    });
  const port = await listen(0);
  return {
    url: Object.assign(new URL(url), { host: `127.0.0.1:${port}` }).href,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
    open: async () => void (await listen(port)),
    pause: () => void (isPaused = true),
    resume: () => {
      isPaused = false;
      // Their streams are incomplete, so these connections are unusable.
      for (const socket of sockets) socket.destroy();
    },
    connections: () => sockets.size / 2,
  };
}
