/** Threads that appear below the walked part of a listing. */
import { describe, expect, test } from "bun:test";
import { stagedCrawls } from "../testing/staged-crawls.ts";
import { staged } from "../testing/staged-forum.ts";

const { forum, pass, pids } = await stagedCrawls();

const withoutPatrol = () => pass({ patrol: 0 });
/** The listing pages requested in the last pass, as "board/page". */
const listingPages = () =>
  forum.log.flatMap((line) => {
    const [, bid, page] = /board\.php\?BID=(\d+)&page=(\d+)/.exec(line) ?? [];
    return bid ? `${bid}/${page}` : [];
  });

/** Closed threads of one post, newest last. Update walks stop at the last one, on page 1. */
function stageBoard(bid: number, from: number, count: number): void {
  for (let tid = from; tid < from + count; tid++) forum.stage({ tid, bid, posts: staged(tid * 100, 1), closed: true });
}

describe("with each pass, the patrol reads a listing page", () => {
  test("and finds a thread that appears below the fixpoint while another vanishes", async () => {
    stageBoard(14, 1, 100);
    const hidden = forum.threads.get(20)!;
    forum.threads.delete(20);
    await pass();
    forum.threads.set(20, hidden);
    forum.threads.delete(10);
    await withoutPatrol();
    expect([await pids(20), listingPages()]).toEqual([[], ["14/1"]]);
    for (let at = 0; at < 3; at++) await pass();
    expect(await pids(20)).toEqual([2000]);
  });

  test("so that every page of every board is read in turn, whatever boards a pass walks", async () => {
    stageBoard(14, 1, 100);
    stageBoard(15, 201, 100);
    stageBoard(16, 401, 20);
    await pass();
    const walked = ["14/1", "15/1", "16/1"];
    const read: string[] = [];
    for (const boards of [[14, 15, 16], [15], [14], [14, 15, 16], [14, 15, 16], [14, 15, 16], [14, 15, 16]]) {
      await pass({ boards });
      const below = listingPages().filter((page) => !walked.includes(page));
      expect(below).toHaveLength(1);
      read.push(...below);
    }
    expect(read).toEqual(["14/2", "15/2", "14/3", "14/4", "15/3", "15/4", "14/2"]);
  });

  test("more of them with a larger share, but within it", async () => {
    stageBoard(14, 1, 300);
    for (let tid = 301; tid <= 400; tid++) forum.stage({ tid, bid: 14, posts: staged(tid * 100, 1) });
    await pass();
    await pass({ patrol: 0.4 });
    const [own, share] = [1 + 4 + 100, 42];
    expect(listingPages()).toHaveLength(4 + 10);
    expect(forum.log.length).toBe(own + share);
  });

  test("and checks threads whose listing has changed there", async () => {
    stageBoard(14, 1, 100);
    await pass();
    const { posts } = forum.threads.get(20)!;
    posts.push(...staged(2050, 1));
    for (let at = 0; at < 3; at++) await pass();
    expect(await pids(20)).toEqual([2000, 2050]);
  });
});

describe("a page that the patrol cannot read", () => {
  test("is reported, and the next pass reads the next one", async () => {
    stageBoard(14, 1, 100);
    await pass();
    forum.intercept = (url) => (url.search === "?BID=14&page=2" ? new Response("<board") : null);
    const { failures } = await pass();
    expect(failures.map(({ what }) => what)).toEqual(["board 14, page 2"]);
    expect(await pass()).toMatchObject({ failures: [] });
    expect(listingPages()).toEqual(["14/1", "14/3"]);
  });

  test("or a listing without end does not keep it from the other boards", async () => {
    stageBoard(14, 1, 70);
    stageBoard(15, 201, 70);
    await pass();
    forum.intercept = async (url) => {
      const page = url.searchParams.get("page") ?? "";
      if (url.searchParams.get("BID") !== "14" || Number(page) < 3) return null;
      const text = await (await fetch(url.href.replace(`page=${page}`, "page=2"))).text();
      return new Response(text.replace('page="2"', `page="${page}"`));
    };
    const read: string[] = [];
    for (let at = 0; at < 30 && !read.includes("15/2"); at++) {
      await pass();
      read.push(...listingPages());
    }
    expect(read).toContain("15/2");
  });
});
