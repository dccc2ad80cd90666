/** Fetches the profile pages of all stored users, and parses stored pages again. */
import { drizzleOn } from "@potstats/db/drizzle";
import { myModsUsers } from "@potstats/db/crawled";
import type { Row } from "@potstats/db/row";
import { asc, gt } from "drizzle-orm";
import { ForumRefusesError, ForumUnreachableError, UnreadableError } from "../forum/errors.ts";
import { parseProfile, type ProfileAnswer } from "../read/profile-page.ts";
import { BrokenDocumentError } from "../read/xml.ts";
import { forEach, isInterruption, recordFailure, type Run } from "./run.ts";

export interface ProfileCounts {
  profiles: number;
  not_found: number[];
  shadowed: number[];
}

/**
 * Fetches the profiles that are not stored or too old, in order of the users' latest posts.
 * @param older_than_days refresh pages fetched more than this many days ago; null refreshes none
 */
export async function fetchProfiles(run: Run, older_than_days: number | null, counts: ProfileCounts): Promise<void> {
  const users = await run.query(
    (sql) => sql<Row<typeof myModsUsers, "uid">[]>`
      select u.uid from users as u left join my_mods_users as m on m.uid = u.uid
      where u.uid not in (select uid from forgotten_users) and (m.uid is null
        or ${older_than_days}::float8 is not null
          and coalesce(m.fetched_at, 'epoch') <= now() at time zone 'UTC' - make_interval(secs => ${older_than_days}::float8 * 86400))
      order by u.name_timestamp desc nulls last, u.uid`,
  );
  const phase = run.progress.phase("profiles", { unit: "profiles", total: users.length, traffic: run.forum.traffic });
  const fetch = async ({ uid }: { uid: number }) => {
    try {
      const { html, answer } = await run.forum.profile(uid);
      await store(run, uid, answer, { html, seen_ms: Date.now() }, counts);
    } catch (error) {
      if (isInterruption(run, error)) return;
      await recordFailure(run, `profile ${uid}`, error);
    }
    phase.add();
  };
  try {
    await forEach(run, users, fetch);
    phase.done();
  } catch (error) {
    const isDown = error instanceof ForumUnreachableError;
    phase.done(isDown ? "unreachable" : "refused");
    if (!isDown && !(error instanceof ForumRefusesError)) throw error;
    // Boards and threads are complete without profiles.
    await recordFailure(run, "profiles", new UnreadableError(error.message));
  }
}

/** Parses the stored pages again, without fetching them. */
export async function reparseProfiles(run: Run, counts: ProfileCounts): Promise<void> {
  const phase = run.progress.phase("stored profiles", { unit: "profiles" });
  let after = -1;
  while (!run.signal.aborted) {
    const from = after;
    const pages = await run.query((sql) =>
      drizzleOn(sql)
        .select()
        .from(myModsUsers)
        .where(gt(myModsUsers.uid, from))
        .orderBy(asc(myModsUsers.uid))
        .limit(200),
    );
    const last = pages.at(-1);
    if (!last) break;
    after = last.uid;
    const reparse = async ({ uid, html, fetched_at }: (typeof pages)[number]) => {
      try {
        const answer = parseProfile(html ?? "", uid);
        await store(run, uid, answer, { html: null, seen_ms: fetched_at?.getTime() ?? null }, counts);
      } catch (error) {
        if (!(error instanceof BrokenDocumentError)) throw error;
        await recordFailure(run, `stored profile ${uid}`, new UnreadableError(error.message));
      }
      phase.add();
    };
    await Promise.all(pages.map(reparse));
  }
  phase.done();
}

async function store(
  run: Run,
  uid: number,
  answer: ProfileAnswer,
  page: { html: string | null; seen_ms: number | null },
  counts: ProfileCounts,
): Promise<void> {
  if (answer.kind === "profile") {
    counts.profiles++;
    for (const problem of answer.problems) run.progress.note(problem);
  } else if (answer.kind === "not_found") counts.not_found.push(uid);
  else {
    counts.shadowed.push(uid);
    run.progress.note(`profile ${uid} is shadowed by user ${answer.by_uid}, whose name is that number`);
  }
  const profile = answer.kind === "profile" ? answer.profile : null;
  const by_uid = answer.kind === "shadowed" ? answer.by_uid : null;
  await run.commitQueue.write({ kind: "profile", page: { uid, by_uid, profile, ...page } });
}
