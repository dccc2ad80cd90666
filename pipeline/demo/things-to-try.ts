/** What the demo tells a newcomer once it is ready: what the pages show, and five things to try. */

/** Responses of the API, as far as they are used here. */
interface Status {
  counts: { posts: number; users: number; boards: number };
}
interface Overview {
  first_day: string;
  last_day: string;
  records: { most_posts: { day: string; count: number } };
}
interface Posters {
  rows: { User: { name: string; uid: number }; post_count: number }[];
}

const number = new Intl.NumberFormat("en");
const longDay = new Intl.DateTimeFormat("en", { dateStyle: "long", timeZone: "UTC" });

/** Declined and in the plural: the posts have "Gehäuselüfter" only. */
const inflected = "Lüftern";

/**
 * @param url the address of the running server
 * @returns lines of at most 100 characters, but for long addresses
 */
export async function thingsToTry(url: string): Promise<string> {
  const ask = async <Answer>(path: string) => (await (await fetch(url + path)).json()) as Answer;
  const [{ counts }, { first_day, last_day, records }, { rows }] = await Promise.all([
    ask<Status>("/api/status"),
    ask<Overview>("/api/overview"),
    ask<Posters>("/api/poster-stats?limit=3"),
  ]);
  const [busiest] = rows;
  const { day, count } = records.most_posts;
  const things: [address: string, about: string][] = [
    [
      `/search?q=${encodeURIComponent(inflected)}`,
      `Search for “${inflected}”: it finds “Gehäuselüfter”. Inflected words and parts of compounds match, too.`,
    ],
    ["/network", "Who quotes whom: raise the threshold until only the close circles are left."],
    [
      `/users/${busiest?.User.uid}`,
      `${busiest?.User.name}, who writes the most (${number.format(busiest?.post_count ?? 0)} posts): when, where, and in reply to whom.`,
    ],
    [
      `/days?day=${day}`,
      `${longDay.format(new Date(day))}, the busiest day (${number.format(count)} posts): what was going on?`,
    ],
    [
      `/compare?${rows.map(({ User }) => `uid=${User.uid}`).join("&")}`,
      `The ${rows.length} who write the most, year by year in one chart.`,
    ],
  ];
  return `You see a made-up forum: ${number.format(counts.posts)} posts by ${number.format(counts.users)} users in ${number.format(counts.boards)} boards, from ${first_day.slice(0, 4)} to ${last_day.slice(0, 4)}.
No user, post or link in it is real. The pages speak German: choose English below the menu.

Start at ${url}/ for the forum at a glance. Five more things to try:

${things.map(([address, about], at) => `  ${at + 1}. ${about}\n     ${url}${address}`).join("\n")}`;
}
