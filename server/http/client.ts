/** Who asks: what the runtime knows about a connection, and what trusted proxies in front of us say. */
import ipaddr from "ipaddr.js";

export interface Connection {
  /** The other end's address, where the runtime knows it. */
  address?: (() => string | undefined) | undefined;
}

/** Whose requests count together. */
export interface Client {
  /** An IPv4 address, or the first 64 bits of an IPv6 one: those belong to one customer. */
  key: string;
  /** The first 48 bits of an IPv6 address: one site may have that many, and 65,536 keys with it. */
  network?: string;
}

/**
 * An address as proxies spell it: with or without port, brackets and zone; IPv4 in IPv6 (mapped, or translated by RFC 6052)
 * is IPv4. Undefined for anything else.
 */
function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const bare = /^\[([^\]]*)\](?::\d*)?$/.exec(text)?.[1] ?? /^([\d.]+):\d*$/.exec(text)?.[1] ?? text;
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return ipaddr.IPv4.parse(bare);
  if (!ipaddr.IPv6.isValid(bare)) return undefined;
  const address = ipaddr.IPv6.parse(bare);
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  return address.range() === "rfc6052" ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address;
}

/**
 * The client: the connection's other end, or with `proxies` in front of us whom the outermost of them saw. What clients write
 * into X-Forwarded-For themselves stands further left and is not looked at; the header Forwarded is not believed.
 * Those without a readable address are one client.
 */
export function clientOf(request: Request, connection: Connection, proxies: number): Client {
  const forwarded = proxies > 0 ? request.headers.get("X-Forwarded-For")?.split(",") : undefined;
  const seen = forwarded?.[Math.max(0, forwarded.length - proxies)];
  const address = parseAddress(seen?.trim() ?? "") ?? parseAddress(connection.address?.() ?? "");
  if (!address) return { key: "unknown" };
  if (address instanceof ipaddr.IPv4) return { key: address.toString() };
  const groups = address.parts.map((part) => part.toString(16));
  return { key: `${groups.slice(0, 4).join(":")}/64`, network: `${groups.slice(0, 3).join(":")}/48` };
}

/** Whether the request came from this machine, and not through a proxy on it. */
export function isLocal(request: Request, connection: Connection): boolean {
  const isLoopback = parseAddress(connection.address?.() ?? "")?.range() === "loopback";
  return isLoopback && !request.headers.has("X-Forwarded-For") && !request.headers.has("Forwarded");
}
