/**
 * Run by Node, because Bun cannot upgrade a server's connection: PostgreSQL behind TLS, as managed services offer it.
 * Answers the driver's request for TLS, forwards to a plain server, and prints its own port, then a line per encrypted
 * connection.
 *
 *     node tls-proxy.ts <host> <port>
 */
import { readFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import { TLSSocket } from "node:tls";

const [, , host = "", port = ""] = process.argv;

/** The code in PostgreSQL's SSLRequest message. */
const sslRequest = 80_877_103;

const read = (name: string) => readFileSync(join(import.meta.dirname, "certificates", name));
const options = { isServer: true, key: read("server.key"), cert: read("server.pem") };

const server = createServer((near) => {
  near.on("error", () => {});
  near.once("data", (message) => {
    if (typeof message === "string" || message.readInt32BE(4) !== sslRequest) return near.destroy();
    near.write("S");
    const secure = new TLSSocket(near, options);
    const far = connect(Number(port), host);
    secure.on("secure", () => console.log("encrypted"));
    for (const socket of [secure, far]) socket.on("error", () => near.destroy()).on("close", () => far.destroy());
    secure.pipe(far).pipe(secure);
  });
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
