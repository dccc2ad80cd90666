/** The application's document, with title, description and preview of the requested page. */
import { LRUCache } from "lru-cache";
import { encode, negotiate } from "../http/encoding.ts";
import { matches, type PlainResponse } from "../http/response.ts";
import type { Preview } from "./preview.ts";
import { escape } from "./texts.ts";

/** Bytes of compressed documents in memory. */
const maxSize_bytes = 8 * 1024 * 1024;

export interface DocumentOptions {
  /** The built page. */
  html: string;
  /** Public URL of the application, without a trailing slash. */
  publicUrl: string;
  /** Whether previews have a picture. */
  hasImages: boolean;
}

export type SendDocument = (request: Request, preview: Preview) => Promise<PlainResponse>;

export function createDocument({ html, publicUrl, hasImages }: DocumentOptions): SendDocument {
  const documents = new LRUCache<string, { etag: string; coding: string; bytes: Uint8Array<ArrayBuffer> }>({
    maxSize: maxSize_bytes,
    sizeCalculation: ({ bytes }, key) => bytes.length + key.length,
  });

  async function render(preview: Preview, accepted: ReturnType<typeof negotiate>) {
    const head = headOf(preview, publicUrl, hasImages);
    const key = `${accepted}:${head}`;
    const known = documents.get(key);
    if (known) return known;
    const plain = new TextEncoder().encode(
      html
        .replace(/<meta name="description"[^>]*>\s*/, "")
        .replace(/<html lang="[^"]*"/, `<html lang="${preview.language}"`)
        .replace(/<title>[^<]*<\/title>/, () => head),
    );
    const [digest, { coding, bytes }] = await Promise.all([
      crypto.subtle.digest("SHA-256", plain),
      encode(plain, accepted),
    ]);
    const hex = Array.from(new Uint8Array(digest).subarray(0, 12), (byte) => byte.toString(16).padStart(2, "0"));
    const document = { etag: `"${hex.join("")}-${coding}"`, coding, bytes };
    documents.set(key, document);
    return document;
  }

  return async (request, preview) => {
    const accepted = negotiate(request.headers.get("Accept-Encoding"));
    const { etag, coding, bytes } = await render(preview, accepted);
    const headers = {
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-cache",
      Vary: "Accept-Encoding",
      ETag: etag,
      ...(coding === "identity" ? {} : { "Content-Encoding": coding }),
    };
    if (preview.isMissing) return { status: 404, headers, body: bytes };
    const isKnown = matches(request.headers.get("If-None-Match"), etag);
    return isKnown ? { status: 304, headers, body: null } : { status: 200, headers, body: bytes };
  };
}

/** The elements of the document's head that describe the page. */
function headOf({ language, title, description, canonical, image }: Preview, publicUrl: string, hasImages: boolean) {
  const meta = (name: string, content: string) =>
    `<meta ${name.startsWith("og:") ? "property" : "name"}="${name}" content="${escape(content)}" />`;
  const picture = hasImages && image !== undefined ? publicUrl + image : undefined;
  return [
    `<title>${escape(title)}</title>`,
    meta("description", description),
    meta("og:type", "website"),
    meta("og:site_name", "pOTstats"),
    meta("og:locale", language === "de" ? "de_DE" : "en_US"),
    meta("og:title", title),
    meta("og:description", description),
    ...(canonical === undefined
      ? []
      : [`<link rel="canonical" href="${escape(publicUrl + canonical)}" />`, meta("og:url", publicUrl + canonical)]),
    ...(picture === undefined
      ? [meta("twitter:card", "summary")]
      : [
          meta("og:image", picture),
          meta("og:image:type", "image/png"),
          meta("og:image:width", "1200"),
          meta("og:image:height", "630"),
          meta("og:image:alt", title),
          meta("twitter:card", "summary_large_image"),
        ]),
  ].join("\n    ");
}
