/** How long the demo takes: as measured at earlier starts on this machine, else as measured by the developers. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Part, Seconds } from "./overall-progress.ts";

/** A first start reads the whole forum; later ones find everything there. */
export type Kind = "first" | "later";

/** The demo's parts, in their order. */
export const parts: readonly Part[] = [
  { phase: "services", label: "starting PostgreSQL and Meilisearch" },
  { phase: "forum", label: "reading the forum" },
  { phase: "threads", label: "reading the forum" },
  { phase: "profiles", label: "reading the users' profiles" },
  { phase: "posts", label: "computing statistics" },
  { phase: "statistics", label: "computing statistics" },
  { phase: "index postgres", label: "making posts searchable" },
  { phase: "index meilisearch", label: "making posts searchable" },
  { phase: "pages", label: "building the pages" },
];

/** On two cores of 2020. */
const usual: Record<Kind, Seconds> = {
  first: {
    services: 2.5,
    forum: 0.5,
    threads: 12,
    profiles: 1,
    posts: 0.5,
    statistics: 2,
    "index postgres": 4,
    "index meilisearch": 4,
    pages: 1,
  },
  later: { services: 1, forum: 2 },
};

/** Beside the demo's data, so that it outlives their deletion. */
const fileIn = (dataDir: string) => join(dataDir, "demo-times.json");

export interface Expectation {
  seconds: Seconds;
  isMeasured: boolean;
}

/** What a start of this kind takes. An unreadable file counts as none. */
export async function expectedTimes(dataDir: string, kind: Kind): Promise<Expectation> {
  const measured = (await readTimes(dataDir))[kind];
  return measured ? { seconds: measured, isMeasured: true } : { seconds: usual[kind], isMeasured: false };
}

/** Keeps what a start of this kind took. */
export async function keepTimes(dataDir: string, kind: Kind, seconds: Seconds): Promise<void> {
  const file = fileIn(dataDir);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify({ ...(await readTimes(dataDir)), [kind]: seconds })}\n`);
}

async function readTimes(dataDir: string): Promise<Partial<Record<Kind, Seconds>>> {
  try {
    const read: unknown = JSON.parse(await readFile(fileIn(dataDir), "utf8"));
    return Object.fromEntries(Object.entries(read ?? {}).filter(([, times]) => areSeconds(times)));
  } catch {
    return {};
  }
}

const areSeconds = (times: unknown): times is Seconds =>
  typeof times === "object" &&
  times !== null &&
  Object.values(times).length > 0 &&
  Object.values(times).every((time) => typeof time === "number" && time >= 0);

/** "a few seconds", "about 25 seconds", "about a minute", "about 3 minutes". */
export function inWords({ seconds }: Expectation): string {
  const whole_s = Object.values(seconds).reduce((sum, part) => sum + part, 0);
  if (whole_s < 7.5) return "a few seconds";
  if (whole_s < 52.5) return `about ${5 * Math.round(whole_s / 5)} seconds`;
  return whole_s < 90 ? "about a minute" : `about ${Math.round(whole_s / 60)} minutes`;
}
