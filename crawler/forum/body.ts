/** Reads response bodies up to a limit, which oversized documents and compression bombs exceed. */
import { gunzipSync } from "node:zlib";

/** A page of 30 posts of 15,000 bytes each, all of them escaped, is much smaller. */
export const maxBody_bytes = 8 * 1024 * 1024;

export class TooLargeError extends Error {
  override name = "TooLargeError";
}

/**
 * Reads the body of a response that was fetched without decompression.
 * @returns the document, and its size on the wire
 * @throws TooLargeError, or the connection's error if it breaks
 */
export async function readBody(response: Response): Promise<{ bytes: Uint8Array; received_bytes: number }> {
  const chunks: Uint8Array[] = [];
  let received_bytes = 0;
  if (response.body) {
    const reader = response.body.getReader();
    while (true) {
      const { done, value } = await reader.read();
      if (done) break;
      received_bytes += value.byteLength;
      if (received_bytes > maxBody_bytes) {
        void reader.cancel().catch(() => {});
        throw new TooLargeError(`more than ${maxBody_bytes} bytes`);
      }
      chunks.push(value);
    }
  }
  const raw = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  const isGzip = raw[0] === 0x1f && raw[1] === 0x8b;
  return { bytes: isGzip ? unpack(raw) : raw, received_bytes };
}

function unpack(raw: Uint8Array): Uint8Array {
  try {
    return gunzipSync(raw, { maxOutputLength: maxBody_bytes });
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE")
      throw new TooLargeError(`more than ${maxBody_bytes} bytes when unpacked`);
    throw error;
  }
}

/** Whether an XML or HTML document ends before its root does. Anything else counts as complete. */
export function isCutOff(bytes: Uint8Array): boolean {
  const latin1 = new TextDecoder("latin1");
  const head = latin1.decode(bytes.subarray(0, 500)).trimStart();
  if (/^<(!doctype\s+)?html\b/i.test(head)) return !/<\/html\s*>/i.test(latin1.decode(bytes.subarray(-100_000)));
  if (!head.startsWith("<?xml")) return false;
  const tail = latin1.decode(bytes.subarray(-500)).trimEnd();
  const root = /<([a-z][\w-]*)/i.exec(head)?.[1];
  return root === undefined || !(tail.endsWith(`</${root}>`) || new RegExp(`<${root}[^<]*/>$`).test(tail));
}

export const isSame = (one: Uint8Array | null, other: Uint8Array | null): boolean =>
  one !== null && other !== null && Buffer.compare(one, other) === 0;
