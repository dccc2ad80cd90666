/** Rules of the repository that knip and the linter cannot check. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { aliases, settings } from "@potstats/cli/settings";
import { securityHeaders } from "@potstats/server/http/headers";
import { blocksIn } from "./block-lengths.ts";
import { longFunctions, longTests } from "./length-exceptions.ts";

const root = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const listed = Bun.spawnSync(["git", "ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root });
const deleted = Bun.spawnSync(["git", "ls-files", "--deleted"], { cwd: root }).stdout.toString().split("\n");
const files = listed.stdout
  .toString()
  .split("\n")
  .filter((path) => path !== "" && !deleted.includes(path));
const sources = files.filter((path) => /\.tsx?$/.test(path));
const manifests = files.filter((path) => basename(path) === "package.json");
const text = (path: string) => /\.(tsx?|css|html|json|md|ya?ml|toml|sql)$|Dockerfile|^\.ci\//.test(path);

test("the environment is read in entry points only", () => {
  const entries =
    /(^|\/)main\.ts$|\.test\.ts$|\.config\.ts$|^db\/commands\.ts$|^pipeline\/(db|demo|dev|export|update)\.ts$|^tools\/test\.ts$|^edge\/(deno|node)\.ts$|^server\/healthcheck\.ts$|^bench\/|\/testing\//;
  expect(
    sources.filter((path) => !entries.test(path) && /process\.env|Bun\.env|import\.meta\.env/.test(read(path))),
  ).toEqual([]);
});

test("every dependency is pinned to one version, and the simulator is a dependency of tests and tools only", () => {
  const problems: string[] = [];
  for (const path of manifests) {
    const folder = dirname(path);
    const { dependencies = {}, devDependencies = {}, optionalDependencies = {} } = JSON.parse(read(path));
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
      if (!/^\d+\.\d+\.\d+(-[\w.-]+)?$|^workspace:\*$/.test(String(version)))
        problems.push(`${path}: ${name} is not pinned (${version})`);
    }
    if ("@potstats/simulator" in dependencies && !["pipeline", "bench", "tools"].includes(folder))
      problems.push(`${path}: the simulator is for tests`);
  }
  expect(problems).toEqual([]);
});

test("there are no leftovers: skipped tests, to-do notes, debugging, paths of one machine", () => {
  const words = [
    /\b(test|it|describe)\.(skip|only|todo)\(/,
    new RegExp(["TO", "DO\\b|FIX", "ME\\b|X", "XX\\b"].join("")),
    /@ts-(ignore|nocheck)|\bdebugger;/,
    new RegExp(`\\.\\./${"shared"}|/${"work"}/|/${"farm"}/`),
  ];
  const problems = files
    .filter((path) => text(path) && !path.endsWith("bun.lock"))
    .flatMap((path) => words.filter((word) => word.test(read(path))).map((word) => `${path}: ${word}`));
  expect(problems).toEqual([]);
});

test("no source file is longer than 600 lines", () => {
  expect(sources.filter((path) => read(path).split("\n").length > 600)).toEqual([]);
});

test("no test body is longer than 60 lines and no function longer than 80, except those in length-exceptions.ts", () => {
  const limits = { test: 60, function: 80 };
  const blocks = sources.flatMap((path) => blocksIn(path, read(path)));
  expect(blocks.length).toBeGreaterThan(1000);
  const long = blocks.filter(({ kind, lines }) => lines > limits[kind]).map(({ name }) => name);
  expect(long.toSorted()).toEqual(Object.keys({ ...longFunctions, ...longTests }).toSorted());
});

test("the README's table lists exactly the existing settings", () => {
  const readme = read("README.md");
  const rows = [...readme.matchAll(/^\| `([A-Z][A-Z0-9_]+)` \|/gm)].map((match) => match[1] ?? "");
  expect(rows.toSorted()).toEqual(Object.keys(settings).toSorted());
  for (const alias of Object.values(aliases)) expect(readme).toContain(`\`${alias}\``);
});

test("every command is in the README or docs/development.md, and every command in the documents exists", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const documents = files
    .filter((path) => path.endsWith(".md"))
    .map(read)
    .join("\n");
  const named = new Set([...documents.matchAll(/\bbun run ([a-z][a-z:-]*)/g)].map((match) => match[1] ?? ""));
  expect([...named].filter((name) => !(name in scripts))).toEqual([]);
  const introductions = read("README.md") + read("docs/development.md");
  expect(Object.keys(scripts).filter((name) => !introductions.includes(`bun run ${name}`))).toEqual([]);
});

test("every folder is explained in docs/architecture.md", () => {
  const folders = new Set(
    files.filter((path) => path.includes("/") && !path.startsWith(".")).map((path) => path.split("/")[0] ?? ""),
  );
  folders.delete("docs");
  const architecture = read("docs/architecture.md");
  expect([...folders].filter((folder) => !architecture.includes(`| \`${folder}/\` |`))).toEqual([]);
});

test("nginx.conf has the same content security policy as the server", () => {
  const csp = Object.entries(securityHeaders.contentSecurityPolicy).map(
    ([name, allowed]) => `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${allowed.join(" ")}`,
  );
  expect(read("web/nginx.conf")).toContain(`"${csp.join("; ")}"`);
});
