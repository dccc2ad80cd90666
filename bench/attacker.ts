/**
 * A hostile client, started by isolation.ts with the server's address, its own address (for X-Forwarded-For) and a
 * number of seconds. Prints the number of responses by status.
 */
import { connect } from "node:net";

const [base = "", address = "", seconds = "60"] = process.argv.slice(2);
const end_ms = performance.now() + Number(seconds) * 1000;
const counts: Record<string, number> = {};
const count = (outcome: string | number) => void (counts[outcome] = (counts[outcome] ?? 0) + 1);

const randomBelow = (n: number) => Math.floor(Math.random() * n);
const oneOf = <T>(values: readonly T[]): T => values[randomBelow(values.length)]!;
const repeated = (word: string, times: number) => Array(times).fill(word).join("%20");

const searches = [
  () => `content=a&offset=${randomBelow(10_000)}&limit=100`,
  () => `content=${repeated("has:link", 50)}`,
  () => `content=-a&facets=1&offset=${randomBelow(10_000)}`,
  () => `content=e&sort=date-asc&offset=${randomBelow(10_000)}&facets=1`,
  () => `content=has:link%20-der&offset=${randomBelow(10_000)}&facets=1`,
  () => `content=${repeated("und", 11)}&offset=${randomBelow(10_000)}&facets=1`,
  () => `content=%22${repeated("und der", 10)}%22&facets=1`,
  () => `content=${Array.from({ length: 32 }, () => oneOf("abcdefghijklmnoprstuvwz".split(""))).join("%20")}`,
  () => `content=${oneOf("abcdefgh".split(""))}${oneOf("aeiou".split(""))}&facets=1&sort=score`,
  () => `content=user:%22nutzer%20${randomBelow(5000)}%22%20-e&facets=1&sort=date-asc`,
];
const attacks = [
  () => `/api/search?type=post&${oneOf(searches)()}`,
  () => `/api/%73earch?type=post&${oneOf(searches)()}`,
  () => `/api/sear%63h?type=thread&${oneOf(searches)()}`,
  () => `/api/search/suggest?q=${oneOf("abcdefghijklmn".split(""))}&n=${randomBelow(1e9)}`,
  () => `/api/poster-stats?limit=${9000 + randomBelow(1000)}&nocache`,
  () => `/api/social-graph?limit=${9000 + randomBelow(1000)}&nocache`,
  () => `/api/user-domains?limit=${9000 + randomBelow(1000)}&nocache`,
  () => `/api/poster-stats?order_by=avg_post_length&order=asc&year=${2003 + randomBelow(15)}&limit=10000`,
  () => `/api/users?q=${oneOf("abcdefghijklmn".split(""))}&nocache=${randomBelow(1e9)}`,
  () => `/api/user-quotes?uid=${randomBelow(5000)}&limit=10000&nocache`,
  () =>
    `/api/boards?nocache=${randomBelow(1e9)}&${Array.from({ length: 2600 }, (_, n) => n.toString(36)).join("&")}&a=1&a=2`.slice(
      0,
      8000,
    ),
  () => `/api/daily-stats?year=${2003 + randomBelow(15)}&statistic=active_users&nocache`,
  () => `/${"%2e%2e/".repeat(randomBelow(200))}api/boards`,
  () => `/api/boards?${"%FF".repeat(2000)}=${randomBelow(1e9)}`,
];

/** Sends a request, and cancels half of all requests early. */
async function request(): Promise<void> {
  const signal = randomBelow(2) === 0 ? AbortSignal.timeout(5 + randomBelow(300)) : AbortSignal.timeout(20_000);
  try {
    const headers = { "X-Forwarded-For": oneOf([address, `${address}:${1024 + randomBelow(60_000)}`]) };
    const response = await fetch(base + oneOf(attacks)(), { headers, signal });
    await response.arrayBuffer();
    count(response.status);
  } catch {
    count("canceled");
  }
}

/** Sends an incomplete request byte by byte (slowloris). */
function drip(): Promise<void> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write(`GET /api/boards?x=${randomBelow(1e9)} HTTP/1.1\r\nHost: x\r\nX-`),
    );
    const timer = setInterval(() => socket.write("a"), 200);
    const end = () => {
      clearInterval(timer);
      socket.destroy();
      count("dripped");
      resolve();
    };
    socket.on("error", end).on("close", end);
    setTimeout(end, 2000 + randomBelow(3000));
  });
}

const repeat = async (action: () => Promise<void>) => {
  while (performance.now() < end_ms) await action();
};
await Promise.all([
  ...Array.from({ length: 64 }, () => repeat(request)),
  ...Array.from({ length: 50 }, () => repeat(drip)),
]);
console.log(JSON.stringify(counts));
process.exit(0);
