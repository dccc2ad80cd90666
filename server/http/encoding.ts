/** Content codings: what the client takes, and the bytes in it. */
import * as zlib from "node:zlib";

export type Coding = "br" | "zstd" | "gzip" | "identity";

/** Some runtimes lack zstd; then it is not offered. */
const hasZstd = "zstdCompress" in zlib;

/** What we offer, the best first. */
const offered: Coding[] = ["br", ...(hasZstd ? (["zstd"] as const) : []), "gzip", "identity"];

/** Bodies below this many bytes go as they are. */
const smallest = 256;

/** Browsers send few different headers; what they mean is remembered. */
const known = new Map<string, Coding>();
const mostKnown = 100;

/** The best coding that `Accept-Encoding` allows; identity when it allows none. */
export function negotiate(accept: string | null): Coding {
  if (!accept) return "identity";
  let coding = known.get(accept);
  if (coding === undefined) {
    coding = best(accept, offered);
    if (known.size === mostKnown) known.clear();
    known.set(accept, coding);
  }
  return coding;
}

/** The best of some codings, the earlier one of equals. */
export function best(accept: string, available: readonly Coding[]): Coding {
  const weights = new Map<string, number>();
  for (const part of accept.slice(0, 1000).split(",")) {
    const [name = "", ...parameters] = part.trim().toLowerCase().split(";");
    const q = parameters
      .map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1])
      .find((value) => value !== undefined);
    weights.set(name.trim(), q === undefined ? 1 : Number(q));
  }
  const weight = (coding: Coding) =>
    weights.get(coding) ??
    (coding === "gzip" ? weights.get("x-gzip") : undefined) ??
    weights.get("*") ??
    (coding === "identity" ? 0.001 : 0);
  let chosen: Coding = "identity";
  let most = 0;
  for (const coding of offered) {
    if (available.includes(coding) && weight(coding) > most) [chosen, most] = [coding, weight(coding)];
  }
  return chosen;
}

/** The bytes in a coding; small ones stay as they are. */
export async function encode(
  bytes: Uint8Array<ArrayBuffer>,
  coding: Coding,
): Promise<{ coding: Coding; bytes: Uint8Array<ArrayBuffer> }> {
  if (bytes.length < smallest || coding === "identity") return { coding: "identity", bytes };
  const encoded = await new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => {
    const done = (error: Error | null, result: Uint8Array) => (error ? reject(error) : resolve(new Uint8Array(result)));
    if (coding === "br") {
      const quality = {
        [zlib.constants.BROTLI_PARAM_QUALITY]: 5,
        [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        // No wider than the bytes: each encoder would take megabytes for a window that it never fills.
        [zlib.constants.BROTLI_PARAM_LGWIN]: Math.min(20, Math.max(12, Math.ceil(Math.log2(bytes.length)))),
      };
      zlib.brotliCompress(bytes, { params: quality }, done);
    } else if (coding === "zstd") zlib.zstdCompress(bytes, done);
    else zlib.gzip(bytes, { level: 6 }, done);
  });
  return { coding, bytes: encoded };
}
