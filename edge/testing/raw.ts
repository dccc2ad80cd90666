/** Requests that no HTTP client would send. */
import { connect } from "node:net";

/**
 * Sends bytes and reads what comes back until the server closes the connection, or says nothing for a while.
 * @returns the response's status; 0 if there is none
 */
export function sendRaw(port: number, text: string, patience_ms = 400): Promise<number> {
  return new Promise((resolve) => {
    let received = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text, "latin1"));
    const end = () => {
      socket.destroy();
      resolve(Number(/^HTTP\/1\.[01] (\d{3})/.exec(received)?.[1] ?? 0));
    };
    socket.setTimeout(patience_ms, end);
    socket.on("data", (bytes) => (received += bytes.toString("latin1")));
    socket.on("close", end);
    socket.on("error", end);
  });
}

/** Sends a request and leaves without waiting for the response. */
export function sendAndLeave(port: number, target: string, wait_ms: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`);
      setTimeout(() => {
        socket.destroy();
        resolve();
      }, wait_ms);
    });
    socket.on("error", () => {});
  });
}

const get = "GET /api/boards HTTP/1.1\r\n";

/** What is no valid request. */
export const malformed: string[] = [
  "\r\n\r\n",
  "nonsense\r\n\r\n",
  "GET /api/boards\r\n\r\n",
  "GET /api/boards HTTP/9.9\r\nHost: x\r\n\r\n",
  `${get}Host: x\r\nContent-Length: -1\r\n\r\n`,
  `${get}Host: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello`,
  `${get}Host: x\r\nbad header\r\n\r\n`,
  `${get}Host: x\r\nX: \0\r\n\r\n`,
  `GET /${"y".repeat(300_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
  "\u0016\u0003\u0001\u0002",
];

/** What a runtime may refuse, or respond to: a huge header, a body that nobody reads, half a request. */
export const extreme: string[] = [
  `${get}Host: x\r\nX: ${"y".repeat(300_000)}\r\n\r\n`,
  "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
  `${get}Host: x\r\nX: `,
];
