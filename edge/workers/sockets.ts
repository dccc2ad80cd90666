/**
 * `net` and `tls` as the database driver needs them on workerd: it asks PostgreSQL for TLS on a plain connection, and then
 * upgrades that connection. build.ts puts them in the place of Node's.
 */
import nodeNet from "node:net";
import nodeTls from "node:tls";

class Socket extends nodeNet.Socket {
  /**
   * Pauses after the server's answer, which is all that the driver waits for by `once("data")`: workerd cannot upgrade a
   * connection while a read is pending.
   */
  override once(event: string, listener: (...values: never[]) => void): this {
    if (event !== "data") return super.once(event, listener as () => void);
    return super.once("data", (bytes) => {
      this.pause();
      (listener as (data: unknown) => void)(bytes);
    });
  }
}

export const net = { ...nodeNet, Socket };

export const tls = {
  ...nodeTls,
  /**
   * Certificates are always verified, even if `sslmode` does not ask for it: workerd cannot do without. Its errors have
   * no code, and one before the first data means that the connection could not be encrypted.
   */
  connect({ rejectUnauthorized: _, ...options }: nodeTls.ConnectionOptions) {
    const socket = nodeTls.connect(options);
    return socket.prependListener("error", (error: NodeJS.ErrnoException) => void (error.code ??= "ECONNREFUSED"));
  },
};
