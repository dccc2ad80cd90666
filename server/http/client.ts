/** Identifies the client by the connection's address and the headers of trusted proxies. */
import ipaddr from "ipaddr.js";

export interface Connection {
  /** The peer's address, if the runtime knows it. */
  address?: (() => string | undefined) | undefined;
}

/** The client to whom limits apply. */
export interface Client {
  /** An IPv4 address, or the first 64 bits of an IPv6 address, which belong to one customer. */
  key: string;
  /** The first 48 bits of an IPv6 address: a site usually gets such a network, which contains 65,536 keys. */
  network?: string;
}

/**
 * Parses an address as proxies write it: with or without port, brackets and zone. IPv4 in IPv6 (mapped, or translated
 * by RFC 6052) is IPv4. Undefined for anything else.
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
 * The client: the peer of the connection or, behind proxies, the address that the outermost trusted proxy saw. Whatever
 * clients themselves put into X-Forwarded-For is further left and is ignored, as is the header Forwarded. Requests
 * without a valid address count as one client.
 * @param proxies trusted proxies in front of the server
 */
export function clientOf(request: Request, connection: Connection, proxies: number): Client {
  const forwarded = proxies > 0 ? request.headers.get("X-Forwarded-For")?.split(",") : undefined;
  const seenByProxy = forwarded?.[Math.max(0, forwarded.length - proxies)];
  const address = parseAddress(seenByProxy?.trim() ?? "") ?? parseAddress(connection.address?.() ?? "");
  if (!address) return { key: "unknown" };
  if (address instanceof ipaddr.IPv4) return { key: address.toString() };
  const groups = address.parts.map((part) => part.toString(16));
  return { key: `${groups.slice(0, 4).join(":")}/64`, network: `${groups.slice(0, 3).join(":")}/48` };
}

/** Whether the request comes directly from this machine, and not through a proxy on it. */
export function isLocal(request: Request, connection: Connection): boolean {
  const isLoopback = parseAddress(connection.address?.() ?? "")?.range() === "loopback";
  return isLoopback && !request.headers.has("X-Forwarded-For") && !request.headers.has("Forwarded");
}
