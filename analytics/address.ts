/** Addresses in posts: from what somebody typed between tags to an absolute address and its domain. */

/** A link that counts, one whose host cannot be read (counted, not stored), or none. */
export type Address = { url: string; domain: string } | "unparsable" | "none";

/** Stored addresses are cut here, after everything else. Characters are Unicode code points. */
const maximumLength = 300;

const schemes = new Set(["http", "https", "ftp"]);
const marks = /^[\s"']+|[\s"']+$/g;
/** `name.with.dot:digits` is host and port … */
const hostAndPort = /^[^\s/?#:]*\.[^\s/?#:]*:\d+(?:[/?#]|$)/;
/** … any other `word:` is a scheme. */
const word = /^([a-z][a-z0-9+.-]*):/i;
// oxlint-disable-next-line no-control-regex -- hosts must not hold control characters
const forbiddenInHost = /[\s\u0000-\u001f\u007f-\u009f<>@[\]\\^|%]/;
const ipv6 = /^\[[0-9a-f:.]+\]$/i;

/**
 * @param typed the raw text of the address
 * @param forum what stands before `/bb/…`, for relative addresses
 */
export function readAddress(typed: string, forum: string): Address {
  const address = absolute(typed.replace(marks, ""), forum);
  if (address === "") return "none";
  const scheme = word.exec(address)?.[1]?.toLowerCase() ?? "";
  if (!schemes.has(scheme)) return "none";
  const domain = domainOf(address.slice(scheme.length + 1));
  if (domain === "") return "unparsable";
  return { url: cut(address), domain };
}

function absolute(address: string, forum: string): string {
  if (address === "") return "";
  if (address.startsWith("//")) return `http:${address}`;
  if (address.startsWith("/")) return forum + address;
  if (address.startsWith("./")) return `${forum}/bb/${address.slice(2)}`;
  if (hostAndPort.test(address) || !word.test(address)) return `http://${address}`;
  return address;
}

/** Host in lower case, without user and password, with the port when one is given; "" when there is none to read. */
function domainOf(afterScheme: string): string {
  if (!afterScheme.startsWith("//")) return "";
  const end = afterScheme.slice(2).search(/[/?#]/);
  const authority = end === -1 ? afterScheme.slice(2) : afterScheme.slice(2, end + 2);
  const server = authority.slice(authority.lastIndexOf("@") + 1);
  const colon = server.indexOf(":", server.startsWith("[") ? server.indexOf("]") : 0);
  const host = (colon === -1 ? server : server.slice(0, colon)).toLowerCase();
  const port = colon === -1 ? "" : server.slice(colon + 1);
  if (host === "" || (forbiddenInHost.test(host) && !ipv6.test(host))) return "";
  if (port === "") return host;
  return /^\d+$/.test(port) && Number(port) < 65_536 ? `${host}:${port}` : "";
}

function cut(address: string): string {
  if (address.length <= maximumLength) return address;
  return Array.from(address.slice(0, maximumLength * 2))
    .slice(0, maximumLength)
    .join("");
}
