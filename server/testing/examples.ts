/**
 * Example requests. Each route declares its own (`x-examples`) with invented values; here these are replaced by a year,
 * board, user, word and domain that exist in the server's data.
 */

/** The part of the API's OpenAPI description that tests, documentation and benches use. */
export interface Parameter {
  name: string;
  required?: boolean;
  description?: string;
  schema: {
    type?: string;
    format?: string;
    enum?: string[];
    default?: unknown;
    minimum?: number;
    maximum?: number;
    maxLength?: number;
  };
}

export interface Operation {
  summary: string;
  parameters?: Parameter[];
  responses: Record<string, { description: string; content: Record<string, { schema: { description?: string } }> }>;
  "x-examples"?: string[];
  "x-repeated"?: string;
}

export interface Endpoint extends Operation {
  path: string;
  /** Example requests: the path with a query. */
  examples: string[];
}

type Ask = (target: string) => Promise<Response>;

/** Values for example requests, by parameter name. */
export type Subjects = Record<
  "year" | "bid" | "uid" | "with" | "user" | "q" | "domain" | "day" | "content" | "pid" | "tid",
  string
>;

/** Parameters as a query. */
export const queryOf = (parameters: object) =>
  new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)]));

interface Rows<Row> {
  rows: Row[];
}

const read = async <T>(ask: Ask, target: string) => (await (await ask(target)).json()) as T;

/** Every endpoint of a server, in the order of its description, with example requests. */
export async function readEndpoints(ask: Ask, subjects?: Subjects): Promise<Endpoint[]> {
  const { paths } = await read<{ paths: Record<string, { get: Operation }> }>(ask, "/api/openapi.json");
  const known = subjects ?? (await findSubjects(ask));
  return Object.entries(paths).map(([path, { get }]) => {
    // What is repeated is a search, not the beginning of a name.
    const replaceValues = withSubjects(get["x-repeated"] === "q" ? { ...known, q: known.content } : known);
    const examples = (get["x-examples"] ?? [""]).map((query) =>
      query === "" ? path : `${path}?${replaceValues(query)}`,
    );
    return { ...get, path, examples };
  });
}

/** Replaces a query's values by these subjects, except those with operators such as `content=user%3A`. */
const withSubjects = (subjects: Partial<Record<string, string>>) => (query: string) =>
  query
    .split("&")
    .map((pair) => {
      const [name = ""] = pair.split("=");
      const subject = subjects[name];
      return subject === undefined || pair.includes("%3A") ? pair : `${name}=${encodeURIComponent(subject)}`;
    })
    .join("&");

/**
 * Finds subjects in a server's data.
 * @param rank the user's rank by posts in the year, at most 10,000; the last user if there are fewer
 */
export async function findSubjects(ask: Ask, rank = 1): Promise<Subjects> {
  const json = async <T>(target: string) => await read<T>(ask, target);
  const years = (await json<Rows<{ year: number }>>("/api/years")).rows;
  // The last year may have just begun.
  const { year } = (years.at(-2) ?? years.at(-1))!;
  const [boards, posters, domains, { records }] = await Promise.all([
    json<Rows<{ bid: number; post_count: number }>>("/api/boards"),
    json<Rows<{ User: { name: string; uid: number } }>>(`/api/poster-stats?year=${year}&limit=${rank}`),
    json<Rows<{ domain: string }>>("/api/domains?type=link&limit=1"),
    json<{ records: { most_posts: { day: string }; busiest_thread: { thread: { tid: number; title: string } } } }>(
      `/api/overview?year=${year}`,
    ),
  ]);
  const { name, uid } = posters.rows.at(-1)!.User;
  const [quoted, busiest] = await Promise.all([
    json<Rows<{ User: { uid: number } }>>(`/api/user-quotes?uid=${uid}&limit=2`),
    json<Rows<{ User: { uid: number } }>>("/api/poster-stats?limit=2"),
  ]);
  const other = [...quoted.rows, ...busiest.rows].find((row) => row.User.uid !== uid);
  const posts = await json<{ results: { pid: number }[] }>(`/api/search?content=&type=post&uid=${uid}&limit=1`);
  const words = records.busiest_thread.thread.title.split(/[^\p{L}]+/u).toSorted((a, b) => b.length - a.length);
  return {
    year: String(year),
    bid: String(boards.rows.toSorted((a, b) => b.post_count - a.post_count)[0]!.bid),
    uid: String(uid),
    with: String(other!.User.uid),
    user: name,
    q: name.slice(0, 3).toLowerCase(),
    domain: domains.rows[0]!.domain,
    day: records.most_posts.day,
    content: words[0]!,
    tid: String(records.busiest_thread.thread.tid),
    pid: String(posts.results[0]?.pid ?? 0),
  };
}

/** Invalid values for a parameter, derived from its description. */
function invalidValues({ schema }: Parameter): string[] {
  const { type, format, enum: words, minimum = -Infinity, maximum = Infinity, maxLength } = schema;
  if (words) return ["", "nonsense", words[0]!.toUpperCase()].filter((value) => !words.includes(value));
  if (format === "date") return ["", "x", "2004-02-30"];
  if (type === "number") return ["", "x", "NaN", "1e400"];
  if (type === "integer") {
    const outside = [minimum - 1, maximum + 1, "99999999999999999999"];
    return ["", "x", "2004.5", "2e3", ...outside].map(String);
  }
  return maxLength === undefined ? [] : ["\0", "x".repeat(maxLength + 1)];
}

/** An endpoint's example request with one parameter invalid or, if it is required, missing. */
export function invalidRequests({ path, examples, parameters = [] }: Endpoint): string[] {
  return parameters.flatMap((parameter) => {
    const example = new URLSearchParams(examples[0]!.split("?")[1]);
    example.delete(parameter.name);
    const missing = parameter.required ? [`${path}?${example}`] : [];
    const invalid = invalidValues(parameter).map((value) => {
      example.set(parameter.name, value);
      return `${path}?${example}`;
    });
    return [...missing, ...invalid];
  });
}
