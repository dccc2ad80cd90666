/** Query parameters of the API, each with its description, validation and default. */
import { z } from "@hono/zod-openapi";
import { maxOffset } from "@potstats/search/contract";

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

const notADate = "must be month and day, such as 05-01, of a date that some year has";

/** A date of every year, such as 02-29. */
export const monthAndDay = z
  .string({ message: notADate })
  .regex(/^\d\d-\d\d$/, { message: notADate })
  .refine((value) => isDay(`2000-${value}`), { message: notADate })
  .openapi({ description: "month and day in the statistics' time zone; by default today" });

export const year = integerOr(0, 0, 9999, "year in the statistics' time zone; 0: all years");
export const bid = integerOr(0, 0, int4, "board id; 0: all boards");
export const pid = integer(0, int4, "post id");
export const uid = integer(0, int4, "user id");
export const limit = integerOr(1000, 1, 10_000, "maximum number of rows");
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
