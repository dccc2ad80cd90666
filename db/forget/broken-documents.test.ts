/** Which broken documents mention a forgotten user. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UnattributedQuotes } from "@potstats/bbcode/unattributed-quotes";
import { forgetBroken } from "./broken-documents.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "potstats-broken-"));
});
afterAll(() => rm(folder, { recursive: true }));

const copies = new UnattributedQuotes();
const text = "Am Montag war der K&#228;se im Laden schon wieder ausverkauft";
copies.add(500, text);
const traces = { uid: 2_000_000_001, names: ["M&#252;ller & S&#246;hne", "Al"], texts: new Map([[500, text]]), copies };

test.each([
  ["thread-2000000001", "", true],
  ["a", '<user id="2000000001">', true],
  ["b", '<post id="500">', true],
  ["c", "<user><![CDATA[M&#252;ller & S&#246;hne]]>", true],
  ["d", "<td>MÜLLER &amp; Söhne</td>", true],
  ["e", Buffer.from("<td>Müller &amp; Söhne</td>", "latin1"), true],
  ["f", "<user>al</user>", true],
  ["g", `<content>${text}`, true],
  ["h", "Montag war der K&amp;#228;se im Laden schon wieder aus", true],
  ["i", '<user id="20000000010"><post id="5000">', false],
  ["j", "<user>Alfons</user>", false],
  ["k", "<content>Am Dienstag war der Wein alle", false],
])("%s: %s", async (name, document, mentionsUser) => {
  await Bun.write(join(folder, name), document);
  expect(await forgetBroken(folder, traces)).toBe(mentionsUser ? 1 : 0);
  expect((await readdir(folder)).includes(name)).toBe(!mentionsUser);
});

test("a missing folder counts as empty", async () => {
  expect(await forgetBroken(join(folder, "none"), traces)).toBe(0);
});
