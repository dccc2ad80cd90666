/** Generates the text of a post from its id on demand, so that a million posts need no memory. */
import { fadIn } from "./fads.ts";
import { nameAt, type Post } from "./model.ts";
import { mix, Random } from "./random.ts";
import { fillers, openings, reactions, short, smilies, topics, type Topic } from "./words.ts";

const br = "\r\n";

/** The BBCode of a post at a moment, with CR LF line ends and before encoding. */
export function contentOf(seed: number, post: Post, at: number): string {
  let content = post.text ?? compose(seed, post, 0);
  for (const edit of post.edits) if (edit.time <= at) content += br + br + edit.addition;
  return content;
}

function compose(seed: number, post: Post, depth: number): string {
  const random = new Random(mix(seed, post.pid, 1));
  const quotes = post.quoted.map((quoted) => quote(seed, quoted, depth, random));
  return [...quotes, body(seed, post, random)].join(br);
}

/** A quote as the forum's editor inserts it: in bold, between line breaks. */
function quote(seed: number, post: Post, depth: number, random: Random): string {
  const { thread, person } = post;
  const text =
    post.text ??
    (depth < 2 && random.chance(0.3)
      ? compose(seed, post, depth + 1)
      : body(seed, post, new Random(mix(seed, post.pid, 1))));
  const excerpt = text.length > 400 ? `${text.slice(0, 380)} …` : text;
  return `[quote=${thread.tid},${post.pid},"${nameAt(person, post.time)}"][b]${br}${excerpt}${br}[/b][/quote]`;
}

function body(seed: number, post: Post, random: Random): string {
  const text = bodyText(post, random);
  return text === "" || text === "0" ? text : text + fadIn(seed, post);
}

function bodyText(post: Post, random: Random): string {
  const topic = topics[post.thread.topic] ?? topics["life"];
  if (!topic) throw new Error(`no words for the topic ${post.thread.topic}`);
  if (random.chance(0.003)) return random.pick(["", "0"]);
  const isReply = post.quoted.length > 0;
  if (random.chance(isReply ? 0.45 : 0.12)) return random.pick(reactions) + smile(random, 0.2);
  if (random.chance(0.1)) return random.pick(short);
  const parts = [paragraph(topic, random, 1 + random.below(2 + Math.round(post.person.chatty * 4)))];
  if (random.chance(post.person.chatty * 0.15)) parts.push(paragraph(topic, random, random.between(3, 9)));
  if (random.chance(0.09)) parts.push(attachment(topic, random));
  if (random.chance(0.02)) parts.push(ornament(topic, random));
  if (random.chance(0.01)) parts.push(breakage(topic, random));
  return parts.join(br + br);
}

function sentence(topic: Topic, random: Random): string {
  const [nominative, dative, accusative] = random.pick(topic.things);
  const subject = (nominative[0] ?? "").toUpperCase() + nominative.slice(1);
  switch (random.below(9)) {
    case 0:
      return `Hat hier jemand Erfahrung mit ${dative}?`;
    case 1:
      return `Ich würde ${accusative} nicht wieder nehmen.`;
    case 2:
      return `Gestern habe ich ${accusative} endlich ausprobiert.`;
    case 3:
      return `Von ${dative} kann ich nur abraten.`;
    case 4:
      return random.pick(fillers);
    default:
      return `${subject} ${random.pick(topic.does)}.`;
  }
}

function paragraph(topic: Topic, random: Random, sentences: number): string {
  const parts: string[] = random.chance(0.2) ? [random.pick(openings)] : [];
  for (let index = 0; index < sentences; index++) parts.push(sentence(topic, random));
  return parts.join(" ") + smile(random, 0.22);
}

const smile = (random: Random, probability: number) => (random.chance(probability) ? ` ${random.pick(smilies)}` : "");

/** A link, image or video in one of the ways in which people write them. */
function attachment(topic: Topic, random: Random): string {
  const host = random.pick(topic.hosts);
  const number = random.between(100, 99_999);
  const name = random.pick(topic.things)[0].split(" ").at(-1) ?? "seite";
  switch (random.below(12)) {
    case 0:
      return `[url]http://${host}/artikel/${number}[/url]`;
    case 1:
      return `[url=https://${host}/suche?q=${number}&seite=2]${name}[/url]`;
    case 2:
      return `[URL=http://${host}/a[${number % 9}]/b]${name}[/URL]`;
    case 3:
      return `[url="https://${host}/liste[alt]/${number}"]Liste[/url]`;
    case 4:
      return `[url]www.bilder.example/galerie/${number}[/url]`;
    case 5:
      return `[url=./thread.php?TID=${150_000 + (number % 900)}]hier im Forum[/url]`;
    case 6:
    case 7:
      return `[img]http://bilder.example/${number}/${encodeURIComponent(name)}.jpg[/img]`;
    case 8:
      return `[IMG]http://${host}/${number}.png[/IMG]`;
    case 9:
      return random.pick([`[img]./img/icons/icon${random.between(2, 13)}.gif[/img]`, "[img]/bb/img/ugly.gif[/img]"]);
    case 10:
      return `[video]https://videoportal.example/watch?v=${number}[/video]`;
    default:
      return `[video play]http://videoportal.example/clip/${number}[/video]`;
  }
}

function ornament(topic: Topic, random: Random): string {
  const things = topic.things.map(([nominative]) => nominative);
  switch (random.below(5)) {
    case 0:
      return `[list=1]${br}[*] ${random.pick(things)}${br}[*] ${random.pick(things)}${br}[/list]`;
    case 1:
      return `[code]if (x < 10 && y > 3) {${br}  return "[quote]kein Zitat[/quote]";${br}}[/code]`;
    case 2:
      return `[spoiler]Am Ende war es ${random.pick(things)}.[/spoiler]`;
    case 3:
      return `[table]Ding[||]Note[--]${random.pick(things)}[||]${random.between(1, 6)}[/table]`;
    default:
      return `[b]Wichtig:[/b] [u]${random.pick(things)}[/u] und [s]${random.pick(things)}[/s]`;
  }
}

/** A mistake that people make who type tags by hand. */
function breakage(topic: Topic, random: Random): string {
  const thing = random.pick(topic.things)[0];
  return random.pick([
    `[b]${thing}`,
    `[/quote] ${thing}`,
    `[quote=1,2,"Wer auch immer][b]${thing}[/b]`,
    `[url=http://[/url]`,
    `[img]data:image/gif;base64,R0lGODlhAQABAAAAACw=[/img]`,
    `AT&T & Söhne &amp; Co. <b>${thing}</b> ]] > Ende]`,
    `[quote][b]ohne Namen[/b][/quote]`,
  ]);
}
