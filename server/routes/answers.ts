/** Shapes that several answers share, and how a route describes what it answers. */
import { z } from "@hono/zod-openapi";

export const user = z
  .object({ name: z.string(), uid: z.number().int(), aliases: z.array(z.string()) })
  .openapi("User", { description: "name last seen, id, and every other name ever seen" });
export type User = z.infer<typeof user>;

export const thread = z.object({ tid: z.number().int(), title: z.string(), subtitle: z.string() }).openapi("Thread");

export const count = z.number().int().nonnegative();

/** The one shape of every error. */
export const failure = z.object({ error: z.string() }).openapi("Error");

const described = <T extends z.ZodType>(schema: T, description: string) => ({
  content: { "application/json": { schema } },
  description,
});

/** 200 with `schema`, and the errors that any route may answer. */
export const answers = <T extends z.ZodType>(schema: T, description: string) => ({
  200: described(schema, description),
  400: described(failure, "a parameter is missing, malformed or unknown; the message says what would be right"),
  429: described(failure, "too many answers at a time, or searches a second; try again after Retry-After seconds"),
  503: described(failure, "a store that the answer needs is down; try again after Retry-After seconds"),
});

/** Describes that the answer may be a table instead; the typed client asks for JSON, and so keeps its type. */
export function orCsv<T extends { 200: { content: object } }>(routeAnswers: T, columns: readonly string[]): T {
  const table = { "text/csv": { schema: z.string().openapi({ description: columns.join(", ") }) } };
  return { ...routeAnswers, 200: { ...routeAnswers[200], content: { ...routeAnswers[200].content, ...table } } };
}
