/**
 * PostgreSQL connection URIs in libpq's syntax:
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
 */

export interface PostgresAddress {
  /**
   * At least one. `host` is empty if the URI names none; if it starts with a slash, it is the directory of a Unix
   * socket.
   */
  hosts: { host: string; port: number | undefined }[];
  user: string | undefined;
  password: string | undefined;
  database: string | undefined;
  /** All other parameters. If one is repeated, the last value is used. */
  parameters: Map<string, string>;
}

/** A URI that is malformed or uses an unsupported feature. The message never contains any part of the URI. */
export class AddressError extends Error {
  override name = "AddressError";
}

/**
 * Parameters that choose the server but that only libpq supports. Ignoring them might connect to a different server.
 */
const unsupported: Record<string, string> = {
  service: "service files are not read: put host, port, user and dbname into the URL",
  servicefile: "service files are not read: put host, port, user and dbname into the URL",
  hostaddr: "hostaddr is not supported: use the IP address as the host",
};

/**
 * Parses `postgres://[user[:password]@][host[:port],…][/database][?parameter=value&…]`. The parameters `host`,
 * `port`, `user`, `password` and `dbname` override the parts before them. Every part may be percent-encoded.
 * @throws AddressError
 */
export function parsePostgresAddress(text: string): PostgresAddress {
  const parts = /^postgres(?:ql)?:\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/is.exec(text);
  if (!parts) throw new AddressError("must be a URL that starts with postgres:// or postgresql://");
  const [, authority = "", path = "", query = ""] = parts;
  const at = authority.lastIndexOf("@");
  const [, user = "", , password = ""] = /^([^:]*)(:(.*))?$/s.exec(authority.slice(0, Math.max(0, at))) ?? [];
  const parameters = new Map<string, string>();
  for (const pair of query.split("&")) {
    const [, name = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(pair) ?? [];
    if (name !== "") parameters.set(decode(name), decode(value));
  }
  for (const [name, reason] of Object.entries(unsupported)) if (parameters.has(name)) throw new AddressError(reason);
  if ((parameters.get("sslrootcert") ?? "system") !== "system")
    throw new AddressError("sslrootcert is not supported: name the file in NODE_EXTRA_CA_CERTS");
  if (!parameters.has("port") && at === -1 && /^[^:]*:\D/.test(authority) && (path + query).includes("@"))
    throw new AddressError("in user and password, a slash must be written as %2F and a question mark as %3F");
  const takePart = (name: string, fallback: string): string | undefined => {
    const value = parameters.get(name) ?? decode(fallback);
    parameters.delete(name);
    return value || undefined;
  };
  return {
    hosts: parseHosts(authority.slice(at + 1), parameters),
    user: takePart("user", user),
    password: takePart("password", password),
    database: takePart("dbname", path),
    parameters,
  };
}

function parseHosts(list: string, parameters: Map<string, string>): PostgresAddress["hosts"] {
  const named = list.split(",").map((entry) => {
    const [, ipv6, host, , port] = /^(?:\[([^\]]*)\]|([^:]*))(:([^:]*))?$/.exec(entry) ?? [];
    if (ipv6 === undefined && host === undefined) throw new AddressError("an IPv6 address must be in square brackets");
    return { host: decode(ipv6 ?? host ?? ""), port: port ?? "" };
  });
  const hosts = parameters.get("host")?.split(",") ?? named.map(({ host }) => host);
  const ports = parameters.get("port")?.split(",") ?? named.map(({ port }) => port);
  parameters.delete("host");
  parameters.delete("port");
  if (ports.length > 1 && ports.length !== hosts.length) throw new AddressError("there must be as many ports as hosts");
  if (hosts.length > 1 && hosts.some((host) => host === "" || host.startsWith("/")))
    throw new AddressError("with several hosts, each must be named and none may be a Unix socket");
  if (hosts.some((host) => host.startsWith("@"))) throw new AddressError("abstract Unix sockets are not supported");
  return hosts.map((host, index) => ({ host, port: parsePort((ports.length === 1 ? ports[0] : ports[index]) ?? "") }));
}

function parsePort(text: string): number | undefined {
  if (text === "") return undefined;
  if (!/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > 65_535)
    throw new AddressError("a port must be a whole number from 1 to 65535");
  return Number(text);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AddressError("a percent sign in the URL must be written as %25");
  }
}

/** A SQLAlchemy URL, as potstats2 uses them, without its driver: postgresql+psycopg2:// → postgresql:// */
export const withoutDriver = (text: string): string => text.replace(/^(postgres(?:ql)?)\+\w+:/i, "$1:");

/** The URI with its passwords masked, for display. @throws AddressError */
export function withoutPassword(text: string): string {
  parsePostgresAddress(text);
  return text.replace(/^(\w+:\/\/[^/?:]*):[^/?]*@/, "$1:***@").replace(/([?&](?:ssl)?password=)[^&]*/gi, "$1***");
}
