/** Which numbers the picture of a page shows, from the API's own responses. */
import type { ApiClient } from "./api-client.ts";
import { calendarOf, drawingOf, yearBarsOf } from "./drawing.ts";
import { type Address, addressOf, findUser, selectionOf, subjectOf } from "./preview.ts";
import { plain, texts } from "./texts.ts";

const imagePath = /^\/preview\/(?:(overview|days)|users\/(\d{1,10}))\.png$/;

/** The page of a picture: "/preview/days.png" → "/days"; undefined for any other path. */
export function pictured(path: string, search: string): Address | undefined {
  const [, name, uid] = imagePath.exec(path) ?? [];
  if (uid !== undefined) return addressOf(`/users/${uid}`, search);
  return name === undefined ? undefined : addressOf(name === "overview" ? "/" : `/${name}`, search);
}

/** The picture as SVG; undefined if there is nothing to show. */
export const findPicture = (api: ApiClient, address: Address): Promise<string | undefined> =>
  address.uid === undefined ? forumPicture(api, address) : userPicture(api, address, address.uid);

/** The selection's totals, and its days. */
async function forumPicture(api: ApiClient, address: Address): Promise<string | undefined> {
  const text = texts[address.language];
  const year = await shownYear(api, address.year);
  if (year === undefined) return undefined;
  const { bid } = selectionOf(address);
  const isDays = address.page?.name === "days";
  const query = isDays ? { ...selectionOf(address), year } : selectionOf(address);
  const [overview, days, subject] = await Promise.all([
    api.overview.$get({ query }),
    api["daily-stats"].$get({ query: { year, statistic: "post_count", csv: "", ...(bid ? { bid } : {}) } }),
    subjectOf(api, { ...address, ...(isDays ? { year } : {}) }),
  ]);
  if (!overview.ok || !days.ok) return undefined;
  const { post_count, threads_created, active_users, days: dayCount, first_day, last_day } = await overview.json();
  if (post_count === 0 || first_day === null || last_day === null) return undefined;
  const { labels } = text;
  return drawingOf({
    title: subject === "" ? text.glance : subject,
    subtitle: isDays ? (address.page?.title[address.language] ?? "") : text.span(first_day, last_day),
    facts: [
      { value: text.number(post_count), name: labels.post_count },
      { value: text.number(threads_created), name: labels.threads_created },
      { value: text.number(active_users), name: labels.active_users },
      { value: text.number(dayCount), name: labels.days },
    ],
    chartTitle: `${labels.byDay} ${year}`,
    chart: calendarOf(Number(year), valuesOf(await days.text())),
  });
}

/** The selected year, or the latest one with posts of the selected range or of all years; undefined if there is none. */
async function shownYear(api: ApiClient, selected: string | undefined): Promise<string | undefined> {
  const [, last] = selected?.split("-") ?? [];
  if (selected !== undefined && last === undefined) return selected;
  const response = await api.years.$get({ query: {} });
  const { rows } = response.ok ? await response.json() : { rows: [] };
  const year = rows.findLast((row) => last === undefined || row.year <= Number(last))?.year;
  return year === undefined ? undefined : String(year);
}

/** Reads the lines of a CSV file: a day and its value. */
const valuesOf = (csv: string): Map<string, number> =>
  new Map(
    csv
      .split("\r\n")
      .slice(1)
      .map((line) => line.split(","))
      .map(([day = "", value = ""]) => [day, Number(value)] as const),
  );

/** A user's totals, and posts by year. */
async function userPicture(api: ApiClient, address: Address, uid: string): Promise<string | undefined> {
  const text = texts[address.language];
  const [stats, development] = await Promise.all([
    findUser(api, uid),
    api["poster-development"].$get({ query: { uid } }),
  ]);
  if (!stats?.stats || !development.ok) return undefined;
  const { years } = await development.json();
  const { post_count, threads_created, quoted_count, rank } = stats.stats;
  const { labels } = text;
  const postsByYear = new Map(Object.values(years).map((year) => [year.year, year.post_count]));
  if (postsByYear.size === 0) return undefined;
  const aliases = stats.user.aliases.slice(0, 3).map((name) => plain(name, 24));
  return drawingOf({
    title: plain(stats.user.name, 40),
    subtitle: aliases.length === 0 ? "" : text.formerly(aliases),
    facts: [
      { value: text.number(post_count), name: labels.post_count },
      { value: text.number(threads_created), name: labels.user_threads },
      { value: text.number(quoted_count), name: labels.quoted_count },
      { value: text.number(rank), name: labels.rank },
    ],
    chartTitle: labels.byYear,
    chart: yearBarsOf(postsByYear, text.number),
  });
}
