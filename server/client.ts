/** Who asks: what the runtime knows about a connection, and what trusted proxies in front of us say. */

export interface Connection {
  /** The other end's address, where the runtime knows it. */
  address?: (() => string | undefined) | undefined;
}

/** Longest address that is believed to be one. */
const longest = 64;

/**
 * The client's address: the connection's own, or with `proxies` in front of us the one that the outermost of them saw.
 * What clients write into X-Forwarded-For themselves stands further left and is not looked at.
 */
export function clientAddress(request: Request, connection: Connection, proxies: number): string {
  if (proxies > 0) {
    const seen = (request.headers.get("X-Forwarded-For") ?? "").split(",").map((address) => address.trim());
    const address = seen[Math.max(0, seen.length - proxies)];
    if (address) return address.slice(0, longest);
  }
  return connection.address?.() ?? "unknown";
}

/** IPv6 clients have a network of addresses: the first 64 bits count. IPv4 in IPv6 is IPv4. */
export function clientKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("::");
  const front = head === "" ? [] : head.split(":");
  const missing = tail === undefined ? 0 : 8 - front.length - (tail === "" ? 0 : tail.split(":").length);
  const groups = [...front, ...Array<string>(Math.max(0, missing)).fill("0"), ...(tail ? tail.split(":") : [])];
  return groups.slice(0, 4).join(":");
}

/** Whether the request came from this machine, and not through a proxy on it. */
export function isLocal(request: Request, connection: Connection): boolean {
  const address = connection.address?.() ?? "";
  const isLoopback = /^(127\.|::1$|::ffff:127\.)/.test(address);
  return isLoopback && !request.headers.has("X-Forwarded-For") && !request.headers.has("Forwarded");
}
