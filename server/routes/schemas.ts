/** Schemas that several responses share, and the description of a route's responses. */
import { z } from "@hono/zod-openapi";
import type { User } from "../queries/user.ts";

/**
 * A value of a named schema, or null. With `nullable`, the API's description would either deny null, or allow it wherever
 * the schema is used.
 */
export const orNull = <T extends z.ZodType>(schema: T) => z.union([schema, z.null()]);

export const user = z
  .object({ name: z.string(), uid: z.number().int(), aliases: z.array(z.string()) })
  .openapi("User", { description: "current name, id, and all former names" }) satisfies z.ZodType<User>;

export const thread = z.object({ tid: z.number().int(), title: z.string(), subtitle: z.string() }).openapi("Thread");

export const count = z.number().int().nonnegative();

export const post = z
  .object({ pid: z.number().int(), tid: z.number().int(), timestamp: z.number().int(), user })
  .openapi("Post", { description: "`timestamp` is in Unix seconds" });

export const spanOfDays = z
  .object({ days: count, from: z.string(), to: z.string() })
  .openapi("Span", { description: "first and last day, both included" });

/** Counts of a selection, a day, a weekday or a year. */
export const counts = {
  post_count: count,
  edit_count: count,
  threads_created: count,
  avg_post_length: count,
  active_users: count,
};

/** Distinct users, where several years cannot be added up. */
export const usersOfYear = count.nullable().openapi({
  type: ["integer", "null"],
  description: "null for a range of years: users who are active in several of them must not be counted twice",
});

/** {@link counts} without any posts. */
export const noPosts = { post_count: 0, edit_count: 0, threads_created: 0, avg_post_length: 0, active_users: 0 };

/** A user's counts. */
export const posterCounts = {
  post_count: count,
  edit_count: count,
  threads_created: count,
  // potstats2's names, kept for its clients: how often the user is quoted, and how often the user quotes.
  quoted_count: count,
  quotes_count: count,
  avg_post_length: count,
};

export const weekday = z.string().openapi({ description: '"1" is Monday, "7" is Sunday' });

/** The format of every error. */
const errorBody = z.object({ error: z.string() }).openapi("Error");

const described = <T extends z.ZodType>(schema: T, description: string) => ({
  content: { "application/json": { schema } },
  description,
});

/** A type, because `createRoute`'s types cannot read the keys of an interface. */
type Success<T extends z.ZodType> = {
  200: { content: { "application/json": { schema: T } }; description: string };
};

const errors = {
  400: described(errorBody, "a parameter is missing or invalid; the message says what is expected"),
  429: described(
    errorBody,
    "too many concurrent requests, or too many searches per second; retry after `Retry-After` seconds",
  ),
  503: described(errorBody, "a required store is down; retry after `Retry-After` seconds"),
};

/**
 * 200 with `schema`, and the errors that any route may send. The errors are described but not part of the type: the
 * typed client has one type for all errors, and three more responses per route would add a tenth to the compiler's
 * work.
 */
export const describeResponses = <T extends z.ZodType>(schema: T, description: string): Success<T> => ({
  200: described(schema, description),
  ...errors,
});

/** 200 with a text of a media type other than JSON, and the errors. */
export const describeText = <Type extends string>(type: Type, description: string) => ({
  200: { content: { [type]: { schema: z.string() } } as Record<Type, { schema: z.ZodString }>, description },
  ...errors,
});

/** A 404, described but not part of the type, like the other errors. */
export const notFound = (description: string): object => ({ 404: described(errorBody, description) });
