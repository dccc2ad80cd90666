/**
 * Content codings: negotiates one with the client, and compresses. Not the `negotiator` package, which cannot prefer
 * brotli, then zstd, and parses the header on every request.
 */
import * as zlib from "node:zlib";

export type Coding = "br" | "zstd" | "gzip" | "identity";

/** Some runtimes lack zstd. */
const hasZstd = "zstdCompress" in zlib;

/** The available codings, in order of preference. */
const offered: Coding[] = ["br", ...(hasZstd ? (["zstd"] as const) : []), "gzip", "identity"];

/** Minimum size of a body to be compressed. */
const minSize_bytes = 256;

/** Cached choices: browsers send few different headers. */
const choices = new Map<string, Coding>();
const maxChoices = 100;

/** The best coding that `Accept-Encoding` allows; identity if it allows none. */
export function negotiate(acceptEncoding: string | null): Coding {
  if (!acceptEncoding) return "identity";
  let coding = choices.get(acceptEncoding);
  if (coding === undefined) {
    coding = best(acceptEncoding, offered);
    if (choices.size === maxChoices) choices.clear();
    choices.set(acceptEncoding, coding);
  }
  return coding;
}

/** The best of the available codings; ties are broken by our preference. */
export function best(acceptEncoding: string, available: readonly Coding[]): Coding {
  const weights = new Map<string, number>();
  for (const part of acceptEncoding.slice(0, 1000).split(",")) {
    const [name = "", ...parameters] = part.trim().toLowerCase().split(";");
    const q = parameters
      .map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1])
      .find((value) => value !== undefined);
    weights.set(name.trim(), q === undefined ? 1 : Number(q));
  }
  const weightOf = (coding: Coding) =>
    weights.get(coding) ??
    (coding === "gzip" ? weights.get("x-gzip") : undefined) ??
    weights.get("*") ??
    (coding === "identity" ? 0.001 : 0);
  let choice: Coding = "identity";
  let maxWeight = 0;
  for (const coding of offered) {
    if (available.includes(coding) && weightOf(coding) > maxWeight) [choice, maxWeight] = [coding, weightOf(coding)];
  }
  return choice;
}

/** Undoes {@link encode}. */
export function decode(bytes: Uint8Array<ArrayBuffer>, coding: Coding): Uint8Array {
  if (coding === "br") return zlib.brotliDecompressSync(bytes);
  if (coding === "zstd") return zlib.zstdDecompressSync(bytes);
  return coding === "gzip" ? zlib.gunzipSync(bytes) : bytes;
}

/** Compresses the bytes, unless there are too few. */
export async function encode(
  bytes: Uint8Array<ArrayBuffer>,
  coding: Coding,
): Promise<{ coding: Coding; bytes: Uint8Array<ArrayBuffer> }> {
  if (bytes.length < minSize_bytes || coding === "identity") return { coding: "identity", bytes };
  const encoded = await new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => {
    const done = (error: Error | null, result: Uint8Array) => (error ? reject(error) : resolve(new Uint8Array(result)));
    if (coding === "br") {
      const params = {
        [zlib.constants.BROTLI_PARAM_QUALITY]: 5,
        [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        // A window no larger than the input: each encoder would allocate megabytes that it never uses.
        [zlib.constants.BROTLI_PARAM_LGWIN]: Math.min(20, Math.max(12, Math.ceil(Math.log2(bytes.length)))),
      };
      zlib.brotliCompress(bytes, { params }, done);
    } else if (coding === "zstd") zlib.zstdCompress(bytes, done);
    else zlib.gzip(bytes, { level: 6 }, done);
  });
  return { coding, bytes: encoded };
}
