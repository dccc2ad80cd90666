/** Fetching the profile pages of all known users, and reading the stored ones again. */
import { parseProfile, type ProfileAnswer } from "../read/profile-page.ts";
import { each, fail, interrupted, type Run } from "./run.ts";
import { ForumRefuses, Unreadable } from "../forum/errors.ts";
import { BrokenDocument } from "../read/xml.ts";

export interface ProfileCounts {
  profiles: number;
  not_found: number[];
  shadowed: number[];
}

/**
 * Fetches profiles, newest-seen users first: those without a stored page, and those whose page is older.
 * @param older_than_days refresh pages fetched longer ago than this; null: none
 */
export async function fetchProfiles(run: Run, older_than_days: number | null, counts: ProfileCounts): Promise<void> {
  const users = await run.query(
    (sql) => sql<{ uid: number }[]>`
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
      await keep(run, uid, answer, { html, seen_ms: Date.now() }, counts);
    } catch (error) {
      if (interrupted(run, error)) return;
      await fail(run, `profile ${uid}`, error);
    }
    phase.add();
  };
  try {
    await each(run, users, fetch);
    phase.done();
  } catch (error) {
    phase.done("refused");
    if (!(error instanceof ForumRefuses)) throw error;
    // What was read of boards and threads is worth having without them.
    await fail(run, "profiles", new Unreadable(error.message));
  }
}

/** Parses the stored pages again; no request is made. */
export async function reparseProfiles(run: Run, counts: ProfileCounts): Promise<void> {
  const phase = run.progress.phase("stored profiles", { unit: "profiles" });
  let after = -1;
  while (!run.signal.aborted) {
    const from = after;
    const pages = await run.query(
      (sql) => sql<{ uid: number; html: string | null; fetched_at: Date | null }[]>`
        select uid, html, fetched_at from my_mods_users where uid > ${from} order by uid limit 200`,
    );
    const last = pages.at(-1);
    if (!last) break;
    after = last.uid;
    const read = async ({ uid, html, fetched_at }: (typeof pages)[number]) => {
      try {
        const answer = parseProfile(html ?? "", uid);
        await keep(run, uid, answer, { html: null, seen_ms: fetched_at?.getTime() ?? null }, counts);
      } catch (error) {
        if (!(error instanceof BrokenDocument)) throw error;
        await fail(run, `stored profile ${uid}`, new Unreadable(error.message));
      }
      phase.add();
    };
    await Promise.all(pages.map(read));
  }
  phase.done();
}

async function keep(
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
    run.progress.note(`profile ${uid} is shadowed by user ${answer.by_uid}, who is called like that number`);
  }
  const profile = answer.kind === "profile" ? answer.profile : null;
  await run.writer.write({ kind: "profile", page: { uid, profile, ...page } });
}
