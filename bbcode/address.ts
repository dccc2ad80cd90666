/** Addresses in posts: text typed between tags → an absolute address and its domain. */
import { truncate } from "./limits.ts";

/** A link; "unparsable" if its host cannot be parsed (counted, but not stored); "none" if it is not a link. */
export type Address = { url: string; domain: string } | "unparsable" | "none";

/** Stored addresses are truncated to this many code points, as the last step. */
const maxLength = 300;

/**
 * The number of code units of an address that are read: `[url]` nested 90,000 times must not be read to its end 90,000
 * times. An address whose path starts later has no host.
 */
const maxRead = 2048;

/** Maximum length of host and port: DNS allows 253, and PostgreSQL 2,700 bytes per index row (address and domain). */
const maxServer = 400;

const scheme = /^(https?|ftp):/i;
const spaceOrQuote = /[\s"']/;
/** `name.with.dot:digits` is a host with a port; any other `word:` is a scheme. */
const hostOrScheme = /^([\p{L}\p{N}_+.-]+):(\d+(?![^/?#]))?/u;
// oxlint-disable-next-line no-control-regex -- hosts must not hold control characters
const forbiddenInHost = /[\s\u0000-\u001f\u007f-\u009f<>@[\]\\^|%]/;
const ipv6 = /^\[[0-9a-f:.]+\]$/i;

/**
 * @param typed the raw text of the address
 * @param forum the base of relative addresses: what precedes `/bb/…`
 */
export function readAddress(typed: string, forum: string): Address {
  const trimmed = trimQuotes(typed);
  const isWhole = trimmed.length <= maxRead;
  const address = absolute(isWhole ? trimmed : trimmed.slice(0, maxRead), forum);
  if (address === "") return "none";
  const name = scheme.exec(address)?.[1];
  if (name === undefined) return "none";
  const domain = domainOf(address.slice(name.length + 1), isWhole);
  if (domain === "") return "unparsable";
  return { url: truncate(address, maxLength), domain };
}

/** Trims white space and quotation marks. A pattern anchored at the end would backtrack at every gap in between. */
function trimQuotes(typed: string): string {
  let start = 0;
  let end = typed.length;
  while (start < end && spaceOrQuote.test(typed.charAt(start))) start++;
  while (end > start && spaceOrQuote.test(typed.charAt(end - 1))) end--;
  return typed.slice(start, end);
}

function absolute(address: string, forum: string): string {
  if (address === "" || scheme.test(address)) return address;
  if (address.startsWith("//")) return `http:${address}`;
  if (address.startsWith("/")) return forum + address;
  if (address.startsWith("./")) return `${forum}/bb/${address.slice(2)}`;
  const [, name, port] = hostOrScheme.exec(address) ?? [];
  if (name === undefined || (port !== undefined && name.includes("."))) return `http://${address}`;
  return address;
}

/** The host in lower case with its port, if any, but without credentials; "" if it cannot be parsed. */
function domainOf(afterScheme: string, isWhole: boolean): string {
  if (!afterScheme.startsWith("//")) return "";
  const end = afterScheme.slice(2).search(/[/?#]/);
  if (end === -1 && !isWhole) return "";
  const authority = end === -1 ? afterScheme.slice(2) : afterScheme.slice(2, end + 2);
  const server = authority.slice(authority.lastIndexOf("@") + 1);
  if (server.length > maxServer) return "";
  const colon = server.indexOf(":", server.startsWith("[") ? server.indexOf("]") : 0);
  const host = (colon === -1 ? server : server.slice(0, colon)).toLowerCase();
  const port = colon === -1 ? "" : server.slice(colon + 1);
  if (host === "" || (forbiddenInHost.test(host) && !ipv6.test(host))) return "";
  if (port === "") return host;
  return /^\d+$/.test(port) && Number(port) < 65_536 ? `${host}:${port}` : "";
}
