import { expect, test } from "bun:test";
import { changeKinds, plantChanges } from "./changes.ts";
import { createForum } from "./forum.ts";

const forum = createForum({ seed: 6, posts: 4000, years: 3 });
const { until } = forum.history;
const planted = plantChanges(forum.history, { seed: 6, from: until - 2_600_000, until, count: 6 });
const fetchXml = (path: string) => forum.fetch(new Request(`http://forum.example/bb/xml/${path}`)).text();

test.each([...changeKinds])("a planted change becomes visible at its moment: %s", async (kind) => {
  const changes = planted.filter((change) => change.kind === kind);
  expect(changes.length).toBeGreaterThan(2);
  for (const { thread, post, time } of changes) {
    // The page with the changed post, or the first page.
    const path = `thread.php?TID=${thread.tid}${post ? `&PID=${post.pid}` : ""}`;
    forum.moveTo(time - 1);
    const before = await fetchXml(path);
    forum.moveTo(time);
    const after = await fetchXml(path);
    expect(before).not.toBe(after);
    expect(before).toContain(`id="${thread.tid}"`);
    if (kind === "deleted") expect(after).toEndWith("<invalid-thread />");
    if (kind === "withdrawn") expect(after).toEndWith("<no-access />");
    if (kind === "edited") expect(after).toContain("Edit: spät gesehen.");
    if (kind === "post hidden") expect(after).not.toContain(`<post id="${post?.pid}"`);
    if (kind !== "merged") continue;
    const [first] = thread.posts;
    expect(after).toEndWith("<invalid-thread />");
    expect(await fetchXml(`thread.php?TID=${thread.merged?.into.tid}&PID=${first?.pid}`)).toContain(
      `<post id="${first?.pid}"`,
    );
  }
});
