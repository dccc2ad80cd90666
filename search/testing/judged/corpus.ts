/** Invented threads in German, as people write in forums, to judge search results by: `corpus.txt`, read. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

interface JudgedPost {
  /** `thread/number`. */
  key: string;
  author: string;
  time: Date;
  title: string;
  /** With `[quote=key]` instead of a quote's ids and name. */
  content: string;
}

export interface JudgedThread {
  key: string;
  bid: number;
  title: string;
  subtitle: string;
  tags: string[];
  posts: JudgedPost[];
}

/** Boards that the simulated forum does not have. */
export const judgedBoards: readonly (readonly [bid: number, name: string])[] = [
  [201, "Auto & Werkstatt"],
  [202, "Fußball & Sport"],
  [203, "Politik & Gesellschaft"],
  [204, "Reisen & Draußen"],
];

/** Reads `== thread | bid | title | subtitle | tags`, followed by `-- number author date | title` and text for each post. */
export function readCorpus(): JudgedThread[] {
  const [, ...threads] = `\n${readFileSync(join(import.meta.dirname, "corpus.txt"), "utf8")}`.split(/^== /m);
  return threads.map((text) => {
    const [head = "", ...posts] = text.split(/^-- /m);
    const [key = "", bid, title = "", subtitle = "", tags = ""] = fields(head);
    return {
      key,
      bid: Number(bid),
      title,
      subtitle,
      tags: tags.split(", "),
      posts: posts.map((one) => read(key, one)),
    };
  });
}

const fields = (line: string) => line.split("|").map((field) => field.trim());

function read(thread: string, text: string): JudgedPost {
  const end = text.indexOf("\n");
  const [head = "", title = ""] = fields(text.slice(0, end));
  const [, number, author = "", day] = /^(\d+) (.+) (\d{4}-\d\d-\d\d)$/.exec(head) ?? [];
  if (!number) throw new Error(`corpus.txt: cannot read the post "${head}" of ${thread}`);
  const time = new Date(`${day}T10:${number.padStart(2, "0")}:00Z`);
  return { key: `${thread}/${number}`, author, time, title, content: text.slice(end).trim() };
}
