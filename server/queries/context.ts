import type { Sql } from "@potstats/db/connect";
import type { User } from "../routes/answers.ts";

export type { Sql };

/** Year and board of a selection; 0 stands for all. */
export interface Selection {
  year: number;
  bid: number;
}

/** First and last day of a year; of all times for 0. */
export const daysOf = (year: number): [first: string, last: string] => {
  const digits = String(year).padStart(4, "0");
  return year === 0 ? ["0001-01-01", "9999-12-31"] : [`${digits}-01-01`, `${digits}-12-31`];
};

/** Mean length rounded half up; 0 without posts. */
export const averageLength = (posts_length: number, post_count: number) =>
  post_count === 0 ? 0 : Math.floor(posts_length / post_count + 0.5);

/** Columns of a joined `baked.users`, for {@link userOf}. */
export interface UserColumns {
  uid: number;
  name: string;
  aliases: string[];
}

export const userOf = ({ uid, name, aliases }: UserColumns): User => ({ name, uid, aliases });
