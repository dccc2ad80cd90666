/** Notices whether anything else changes the indexes while a run fills them. */
import { Meilisearch, MeilisearchApiError } from "meilisearch";
import { configOf, type MeilisearchServer } from "./meilisearch-client.ts";
import { indexes } from "./meilisearch-settings.ts";

interface Run {
  /** Remembers the tasks that it enqueues. Its MeilisearchApiErrors are the cause of a MeilisearchRequestError. */
  client: Meilisearch;
  /** @throws Error if other tasks have changed the indexes since the run started */
  ensureAlone(): Promise<void>;
}

const names = Object.values(indexes).flatMap((name) => [name, `${name}_next`]);
const tasksPerPage = 1000;

export async function startRun(server: MeilisearchServer): Promise<Run> {
  const enqueued = new Set<number>();
  const client = new Meilisearch({
    ...configOf(server),
    httpClient: async (...request) => {
      const response = await fetch(...request);
      const text = await response.text();
      const body = text === "" ? undefined : (JSON.parse(text) as { taskUid?: number });
      if (!response.ok) throw new MeilisearchApiError(response, body as never);
      if (body?.taskUid !== undefined) enqueued.add(body.taskUid);
      return body;
    },
  });
  const [last] = (await client.tasks.getTasks({ limit: 1 })).results;
  const lastUid = last?.uid ?? -1;

  async function ensureAlone(): Promise<void> {
    for (let from: number | null = lastUid + 1; from !== null;) {
      const page = await client.tasks.getTasks({
        indexUids: names,
        statuses: ["enqueued", "processing", "succeeded"],
        reverse: true,
        from,
        limit: tasksPerPage,
      });
      const other = page.results.find(({ uid }) => !enqueued.has(uid));
      if (other)
        throw new Error(
          `something else changed Meilisearch's index during this run (task ${other.uid}, ${other.type}): run \`bun run index\` again`,
        );
      from = page.next;
    }
  }

  return { client, ensureAlone };
}
