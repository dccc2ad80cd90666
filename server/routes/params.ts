/** Query parameters of the API, each with its description, validation and default. */
import { z } from "@hono/zod-openapi";
import { maxOffset } from "@potstats/search/contract";
import type { Years } from "../queries/selection.ts";

const int4 = 2 ** 31 - 1;

/**
 * A decimal integer within bounds, both inclusive.
 * @param hint appended to the error message
 */
export function integer(minimum: number, maximum: number, description: string, hint = "") {
  const message = `must be a whole number from ${minimum} to ${maximum}${hint}`;
  return z
    .string({ message })
    .regex(/^[+-]?\d{1,15}$/, { message })
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, { message })
    .openapi({ type: "integer", minimum, maximum, description });
}

/** An integer with a default. */
export const integerOr = (fallback: number, ...parameter: Parameters<typeof integer>) =>
  integer(...parameter)
    .default(fallback)
    .openapi({ default: fallback });

/** A parameter that is set if it is present, with any value. */
export const flag = (description: string) =>
  z
    .string()
    .optional()
    .transform((value) => value !== undefined)
    .openapi({ type: "string", description });

const maxLength = 500;

/** Free text. PostgreSQL cannot store NUL characters, so no name contains one. */
export const text = (description: string) =>
  z
    .string({ message: `must be text of at most ${maxLength} characters` })
    .max(maxLength, { message: `must have at most ${maxLength} characters` })
    .refine((value) => !value.includes("\0"), { message: "must not contain the character U+0000" })
    .openapi({ description });

const notQueries = (maximum: number) =>
  `must be given 1 to ${maximum} times, each with at most ${maxLength} characters`;

/** Texts, as many as the parameter is repeated. */
export const texts = (maximum: number, description: string) =>
  z
    .union([z.string(), z.array(z.string())], { message: notQueries(maximum) })
    .transform((values) => [values].flat())
    .refine((values) => values.length > 0 && values.length <= maximum, { message: notQueries(maximum) })
    .refine((values) => values.every((value) => value.length <= maxLength), { message: notQueries(maximum) })
    .refine((values) => !values.some((value) => value.includes("\0")), {
      message: "must not contain the character U+0000",
    })
    .openapi({ type: "array", items: { type: "string", maxLength }, minItems: 1, maxItems: maximum, description });

export const caret = integer(
  0,
  maxLength,
  "position of the caret in `content`, in UTF-16 code units; by default the end",
);

/** One of the given words. */
export const choice = <const T extends readonly string[]>(words: T, description: string) =>
  z.enum(words, { message: `must be ${either(words)}` }).openapi({ description });

const either = (words: readonly string[]) =>
  words
    .map((word) => (word === "" ? "empty" : word))
    .join(", ")
    .replace(/, (?=[^,]*$)/, " or ");

const notADay = "must be a day such as 2012-05-01";

/** Whether the calendar has this day. */
const isDay = (value: string) => new Date(`${value}T00:00:00Z`).toJSON()?.slice(0, 10) === value;

/** A calendar day. */
export const day = z
  .string({ message: notADay })
  .regex(/^(?!0000)\d{4}-\d\d-\d\d$/, { message: notADay })
  .refine(isDay, { message: notADay })
  .openapi({ format: "date", description: "day in the statistics' time zone" });

const maxYear = 9999;
const notYears = `must be a year from 0 to ${maxYear}, or a range of years such as 2009-2012`;

/** Reads a year, or a range of years from 1 on, both included. */
function parseYears(value: string): Years {
  const [first = 0, last = first] = value.split(/(?<=\d)-/).map(Number);
  return { first, last };
}

/** Years as the parameter spells them. */
export const yearsText = ({ first, last }: Years): string => (first === last ? String(first) : `${first}-${last}`);

/** One year, several, or all. */
export const years = z
  .string({ message: notYears })
  .regex(/^(?:[+-]?\d{1,15}|0*[1-9]\d{0,3}-0*[1-9]\d{0,3})$/, { message: notYears })
  .transform(parseYears)
  .refine(({ first, last }) => 0 <= first && first <= last && last <= maxYear, { message: notYears })
  .default({ first: 0, last: 0 })
  .openapi({
    type: "string",
    format: "years",
    default: "0",
    description:
      "year in the statistics' time zone, or a range of years such as 2009-2012, both included; 0: all years",
  });

/** A single year, where several cannot be added up. */
export const year = integerOr(0, 0, maxYear, "year in the statistics' time zone; 0: all years");

const notADate = "must be month and day, such as 05-01, of a date that some year has";

/** A date of every year, such as 02-29. */
export const monthAndDay = z
  .string({ message: notADate })
  .regex(/^\d\d-\d\d$/, { message: notADate })
  .refine((value) => isDay(`2000-${value}`), { message: notADate })
  .openapi({ description: "month and day in the statistics' time zone; by default today" });
export const bid = integerOr(0, 0, int4, "board id; 0: all boards");
export const pid = integer(0, int4, "post id");
export const uid = integer(0, int4, "user id");
export const tid = integer(0, int4, "thread id");
export const onlyUser = uid.optional().openapi({ description: "only this user's posts" });
export const limit = integerOr(1000, 1, 10_000, "maximum number of rows");
export const minPosts = integerOr(1, 1, int4, "users with fewer posts in the selection are left out");
export const pageSize = integerOr(30, 1, 100, "hits per page");
export const offset = integerOr(
  0,
  0,
  maxOffset,
  "hits to skip",
  "; to go further, sort by date (sort=date-desc or sort=date-asc) and follow `next`",
);
export const next = integer(
  0,
  int4,
  "`next` of the previous page, when sorting by date; `offset` then counts from there",
);
export const domain = text("as the API returns it: in lower case, with the port if there is one");
export const linkType = choice(["link", "image", "video", ""], "kind of link; empty: all kinds").default("");
