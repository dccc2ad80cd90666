/** Atom feeds (RFC 4287). */
import XMLBuilder from "fast-xml-builder";

export interface FeedEntry {
  /** Permanent and unique, an IRI. */
  id: string;
  title: string;
  /** Unix seconds. */
  updated: number;
  /** What the entry leads to. */
  url: string;
  author?: string | undefined;
  /** Safe HTML. */
  html?: string | undefined;
}

export interface Feed {
  title: string;
  language: string;
  /** The address of the feed itself; also its id. */
  url: string;
  /** The page that shows the same. */
  pageUrl: string;
  /** Newest first. */
  entries: FeedEntry[];
}

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: "@", suppressEmptyNode: true });

/** Characters that XML 1.0 cannot contain, not even escaped. */
const notInXml = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** Text from the forum: the builder escapes the rest. */
const clean = (text: string): string => text.toWellFormed().replaceAll(notInXml, " ");

/** A moment of RFC 3339. Times of posts may be before the year 0 or after the year 9999, which it cannot express. */
const timeOf = (unix_s: number): string =>
  new Date(1000 * Math.min(Math.max(unix_s, -62_135_596_800), 253_402_300_799)).toISOString();

const entryOf = ({ id, title, updated, url, author, html }: FeedEntry) => ({
  id: clean(id),
  // An entry must not be without a title.
  title: clean(title).trim() || "–",
  updated: timeOf(updated),
  link: { "@rel": "alternate", "@href": clean(url) },
  ...(author === undefined ? {} : { author: { name: clean(author).trim() || "–" } }),
  ...(html === undefined ? {} : { content: { "@type": "html", "#text": clean(html) } }),
});

/** The document of a feed. */
export function atomOf({ title, language, url, pageUrl, entries }: Feed): string {
  return builder.build({
    "?xml": { "@version": "1.0", "@encoding": "utf-8" },
    feed: {
      "@xmlns": "http://www.w3.org/2005/Atom",
      "@xml:lang": language,
      id: clean(url),
      title: clean(title),
      // An empty feed needs a time as well.
      updated: timeOf(Math.max(0, ...entries.map(({ updated }) => updated))),
      author: { name: "pOTstats" },
      link: [
        { "@rel": "self", "@type": "application/atom+xml", "@href": clean(url) },
        { "@rel": "alternate", "@type": "text/html", "@href": clean(pageUrl) },
      ],
      entry: entries.map(entryOf),
    },
  }) as string;
}
