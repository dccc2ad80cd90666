/** Addresses in posts: from what somebody typed between tags to an absolute address and its domain. */

import { cut } from "./limits.ts";

/** A link that counts, one whose host cannot be read (counted, not stored), or none. */
export type Address = { url: string; domain: string } | "unparsable" | "none";

/** Stored addresses are cut here, after everything else. Characters are Unicode code points. */
const maximumLength = 300;

/**
 * Code units of an address that are looked at: `[url]` nested 90,000 times must not be read 90,000 times to its end.
 * Who begins a path later than this has no host.
 */
const readAtMost = 2048;

/** Code units of host and port: DNS ends at 253, an index row of PostgreSQL (address and domain) at 2,700 bytes. */
const longestServer = 400;

const known = /^(https?|ftp):/i;
const mark = /[\s"']/;
/** `name.with.dot:digits` is host and port, any other `word:` is a scheme. */
const word = /^([\p{L}\p{N}_+.-]+):(\d+(?![^/?#]))?/u;
// oxlint-disable-next-line no-control-regex -- hosts must not hold control characters
const forbiddenInHost = /[\s\u0000-\u001f\u007f-\u009f<>@[\]\\^|%]/;
const ipv6 = /^\[[0-9a-f:.]+\]$/i;

/**
 * @param typed the raw text of the address
 * @param forum what stands before `/bb/…`, for relative addresses
 */
export function readAddress(typed: string, forum: string): Address {
  const trimmed = withoutMarks(typed);
  const isWhole = trimmed.length <= readAtMost;
  const address = absolute(isWhole ? trimmed : trimmed.slice(0, readAtMost), forum);
  if (address === "") return "none";
  const scheme = known.exec(address)?.[1];
  if (scheme === undefined) return "none";
  const domain = domainOf(address.slice(scheme.length + 1), isWhole);
  if (domain === "") return "unparsable";
  return { url: cut(address, maximumLength), domain };
}

/** Trimmed of white space and quotation marks; by hand, because a pattern for the end would try at every gap in between. */
function withoutMarks(typed: string): string {
  let start = 0;
  let end = typed.length;
  while (start < end && mark.test(typed.charAt(start))) start++;
  while (end > start && mark.test(typed.charAt(end - 1))) end--;
  return typed.slice(start, end);
}

function absolute(address: string, forum: string): string {
  if (address === "" || known.test(address)) return address;
  if (address.startsWith("//")) return `http:${address}`;
  if (address.startsWith("/")) return forum + address;
  if (address.startsWith("./")) return `${forum}/bb/${address.slice(2)}`;
  const [, name, port] = word.exec(address) ?? [];
  if (name === undefined || (port !== undefined && name.includes("."))) return `http://${address}`;
  return address;
}

/** Host in lower case, without user and password, with the port when one is given; "" when there is none to read. */
function domainOf(afterScheme: string, isWhole: boolean): string {
  if (!afterScheme.startsWith("//")) return "";
  const end = afterScheme.slice(2).search(/[/?#]/);
  if (end === -1 && !isWhole) return "";
  const authority = end === -1 ? afterScheme.slice(2) : afterScheme.slice(2, end + 2);
  const server = authority.slice(authority.lastIndexOf("@") + 1);
  if (server.length > longestServer) return "";
  const colon = server.indexOf(":", server.startsWith("[") ? server.indexOf("]") : 0);
  const host = (colon === -1 ? server : server.slice(0, colon)).toLowerCase();
  const port = colon === -1 ? "" : server.slice(colon + 1);
  if (host === "" || (forbiddenInHost.test(host) && !ipv6.test(host))) return "";
  if (port === "") return host;
  return /^\d+$/.test(port) && Number(port) < 65_536 ? `${host}:${port}` : "";
}
