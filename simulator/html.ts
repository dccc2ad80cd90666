/** The HTML pages that a crawler reads: threads' tags and members' profiles. */
import { dateText, day_s } from "./clock.ts";
import { nameAt, type Person, type Thread, titleAt } from "./model.ts";
import type { State } from "./state.ts";

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escape = (text: string) => text.replace(/[&<>"]/g, (character) => entities[character] ?? character);

/** thread.php without `xml/`. The form contains an unescaped `&`, as in the real forum. */
export function tagsHtml(state: State, thread: Thread | undefined): string {
  const links = (thread?.tags ?? []).map((tag) => `<a href='search.php?tag=${encodeURIComponent(tag)}&x=1'>${tag}</a>`);
  const form =
    thread && links.length > 0
      ? `<form action='thread.php?TID=${thread.tid}&set_thread_groups=1' method='post'><div>Tags: ${links.join(", ")} <input type='submit' value='ok' /></div></form>`
      : "<p>kein Formular</p>";
  const title = thread ? escape(titleAt(thread, state.now)) : "nichts gefunden";
  return `<html><head><title>${title}</title>\n<meta http-equiv='content-type' content='text/html; charset=ISO-8859-15' /></head>\n<body>\n${form}\n</body></html>\n`;
}

export const profileMissing = (name: string): string => `Benutzer ${name} nicht gefunden!\n`;

const picture = (name: string) => `<img alt="*" src="//forum.mods.de/bb/img/rank/${name}.gif"/>`;
const row = (index: number, name: string, value: string) =>
  `${index === 0 ? "" : `</tr><tr class="color${(index % 2) + 1}">\n`}\t<td class="attrn">${name}:</td>\n\t<td class="attrv">${value}</td>\n`;

/** my.mods.de/<uid> */
export function profileHtml(state: State, person: Person): string {
  const { now } = state;
  const name = escape(nameAt(person, now));
  const { rank } = person;
  const lastSeen = Math.min(person.left, now - 600);
  const isOnline = now - lastSeen < 1200;
  const days = Math.floor((now - person.joined) / day_s);
  const avatar = person.avatar?.path ?? "./avatare/arctic.gif";
  const bars = [
    "links",
    ...Array.from({ length: 9 }, (_, index) => (index < rank.bars ? rank.color : "empty")),
    "rechts",
  ];
  const status = isOnline ? '<span class="online">online</span>' : "offline seit ewigen Zeiten";
  const attributes = [
    ["Dabei seit", `${dateText(person.joined).slice(0, 16)} (${days} Tage)`],
    ["Zuletzt im Board", person.isPublic ? dateText(lastSeen).slice(0, 16) : "<em>privat</em>"],
    ["Status", status],
    ["Accountstatus", person.accountState],
  ] as const;
  return `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<!-- UID ${person.uid} -->
<!-- P 30 -->
<!-- L ${person.isPublic ? 1 : 0} -->
<head>
\t<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-15" />
\t<title>mods.de Profil: ${name}</title>
</head><body>
<div id="content">
<table>
<tr class="color2 bar"><td></td><td></td><td></td></tr>
<tr class="color1">
\t<td rowspan="5" class="c vam avatar">
\t  <img src="//forum.mods.de/bb/${avatar}" class="avatar" alt="Avatar" /><br/>
\t  ${bars.map(picture).join("")}<br/>
\t  <span class="rang">${escape(rank.name)}</span><br/>
\t</td>
\t<td class="attrn">Benutzername:</td>
\t<td class="attrv">
\t  <div class="backlink"><a href="//my.mods.de/${name}">my.mods.de/${name}</a></div>
\t  ${name}\t</td>
${attributes.map(([label, value], index) => row(index + 1, label, value)).join("")}</tr>
</table>
</div>
</body>
</html>
`;
}
