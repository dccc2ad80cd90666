/** A door between a pool and its database that a test can shut: connections break and new ones are refused. */
import { createServer, connect as dial, type Server, type Socket } from "node:net";

export interface Gate {
  /** The database's address through the door. */
  url: string;
  /** Breaks all connections and refuses new ones. */
  close(): void;
  open(): Promise<void>;
  /** Lets connections stand, and nothing through. */
  pause(): void;
  resume(): void;
}

/** An open door before the database at `url`. */
export async function openGate(url: string): Promise<Gate> {
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
      // What was sent meanwhile is lost: these connections are of no use any more.
      for (const socket of sockets) socket.destroy();
    },
  };
}
