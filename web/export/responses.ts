/** Responses of the API from the scripts of an export. Nothing can be fetched from disk, but scripts can be loaded. */
import { keyOf, type ShardCounts, shardOf } from "./keys.ts";
import { unpackResponses } from "./packing.ts";

declare global {
  interface Window {
    /** Written into the document by the export. */
    potstatsExport: { timezone: string; shards: ShardCounts };
    /** Called by each script with its name and its responses: packed, compressed with gzip, in base64. */
    potstatsShard?: (name: string, content: string) => void;
  }
}

/** The status of responses that an export does not have. */
export const absent = 410;

const contents = new Map<string, string>();
const shards = new Map<string, Promise<Map<string, unknown>>>();

window.potstatsShard = (name, content) => contents.set(name, content);

async function unpacked(content: string): Promise<Map<string, unknown>> {
  const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return unpackResponses((await new Response(stream).json()) as Parameters<typeof unpackResponses>[0]);
}

/** Loads a script once. Empty if there is none. */
function load(name: string): Promise<Map<string, unknown>> {
  const known = shards.get(name);
  if (known) return known;
  const loaded = new Promise<void>((resolve) => {
    const script = Object.assign(document.createElement("script"), { src: `answers/${name}.js` });
    for (const event of ["load", "error"]) script.addEventListener(event, () => resolve());
    document.head.append(script);
  }).then(() => {
    const content = contents.get(name);
    contents.delete(name);
    return content === undefined ? new Map<string, unknown>() : unpacked(content);
  });
  shards.set(name, loaded);
  return loaded;
}

/** Today's month and day, for the request that leaves the date to the server. */
function today(timeZone: string): string {
  return new Intl.DateTimeFormat("sv", { dateStyle: "short", timeZone }).format(new Date()).slice(5);
}

/** Stands in for `fetch`. */
export async function respond(url: string): Promise<Response> {
  const { timezone, shards: counts } = window.potstatsExport;
  const requested = keyOf(url);
  const key = requested === "on-this-day" ? `on-this-day?date=${today(timezone)}` : requested;
  const body = (await load(shardOf(key, counts))).get(key);
  return body === undefined
    ? Response.json({ error: "not part of this export" }, { status: absent })
    : Response.json(body);
}
