/** Addresses of PostgreSQL databases, as libpq spells them: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS */

export interface PostgresAddress {
  /** Empty when the address names none. A host that begins with a slash is the folder of a Unix socket. */
  hosts: { host: string; port: number | undefined }[];
  user: string | undefined;
  password: string | undefined;
  database: string | undefined;
  /** All others, the last of each name. */
  parameters: Map<string, string>;
}

/** An address that cannot be understood, or asks for something that is not supported. Its message never holds the address. */
export class AddressError extends Error {
  override name = "AddressError";
}

/** What decides where to connect but is read by libpq alone: without it one might reach another server. */
const refused: Record<string, string> = {
  service: "service files are not read: write host, port, user and dbname into the address",
  servicefile: "service files are not read: write host, port, user and dbname into the address",
  hostaddr: "hostaddr is not supported: write the address as the host",
};

/**
 * Reads `postgres://[user[:password]@][host[:port],…][/database][?parameter=value&…]`. Parameters `host`, `port`, `user`,
 * `password` and `dbname` win over what stands before them. Every part may be percent-encoded.
 * @throws AddressError
 */
export function parsePostgresAddress(text: string): PostgresAddress {
  const parts = /^postgres(?:ql)?:\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/is.exec(text);
  if (!parts) throw new AddressError("must be an address that starts with postgres:// or postgresql://");
  const [, authority = "", path = "", query = ""] = parts;
  const at = authority.lastIndexOf("@");
  const [, user = "", , password = ""] = /^([^:]*)(:(.*))?$/s.exec(authority.slice(0, Math.max(0, at))) ?? [];
  const parameters = new Map<string, string>();
  for (const pair of query.split("&")) {
    const [, name = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(pair) ?? [];
    if (name !== "") parameters.set(decoded(name), decoded(value));
  }
  for (const [name, reason] of Object.entries(refused)) if (parameters.has(name)) throw new AddressError(reason);
  const take = (name: string, otherwise: string): string | undefined => {
    const value = parameters.get(name) ?? decoded(otherwise);
    parameters.delete(name);
    return value || undefined;
  };
  return {
    hosts: hostsIn(authority.slice(at + 1), parameters),
    user: take("user", user),
    password: take("password", password),
    database: take("dbname", path),
    parameters,
  };
}

function hostsIn(list: string, parameters: Map<string, string>): PostgresAddress["hosts"] {
  const named = list.split(",").map((each) => {
    const [, ipv6, host, , port] = /^(?:\[([^\]]*)\]|([^:]*))(:([^:]*))?$/.exec(each) ?? [];
    if (ipv6 === undefined && host === undefined) throw new AddressError("an IPv6 address stands in square brackets");
    return { host: decoded(ipv6 ?? host ?? ""), port: port ?? "" };
  });
  const hosts = parameters.get("host")?.split(",") ?? named.map(({ host }) => host);
  const ports = parameters.get("port")?.split(",") ?? named.map(({ port }) => port);
  parameters.delete("host");
  parameters.delete("port");
  if (ports.length > 1 && ports.length !== hosts.length) throw new AddressError("there must be as many ports as hosts");
  if (hosts.length > 1 && hosts.some((host) => host === "" || host.startsWith("/")))
    throw new AddressError("several hosts must all be named, and none a Unix socket");
  if (hosts.some((host) => host.startsWith("@"))) throw new AddressError("abstract Unix sockets are not supported");
  return hosts.map((host, at) => ({ host, port: portOf((ports.length === 1 ? ports[0] : ports[at]) ?? "") }));
}

function portOf(text: string): number | undefined {
  if (text === "") return undefined;
  if (!/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > 65_535)
    throw new AddressError("a port must be a whole number from 1 to 65535");
  return Number(text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AddressError("a percent sign in the address must be written %25");
  }
}

/** The same address without its password, for people. */
export function withoutPassword(text: string): string {
  parsePostgresAddress(text);
  return text.replace(/^(\w+:\/\/[^/?:]*):[^/?]*@/, "$1:***@").replace(/([?&](?:ssl)?password=)[^&]*/gi, "$1***");
}
