/** Parameters of lists whose pages begin after the last row of the page before. */
import { z } from "@hono/zod-openapi";
import { BadRequestError } from "../http/errors.ts";
import { choice } from "./params.ts";

/** The sort direction. */
export const order = choice(["desc", "asc"], "sort direction").default("desc");

/** The value of the sort column in the last row of the previous page. */
export const followingValue = z
  .string()
  .regex(/^[+-]?\d{1,15}(\.\d{1,15})?$/, { message: "must be a number" })
  .transform(Number)
  .optional()
  .openapi({ type: "number", description: "value of the sort column in that row" });

/**
 * The last row of the previous page, by its id and its value of the sort column; undefined for the first page.
 * @param name of the parameter with the id: "following_uid"
 * @throws BadRequestError if only one of them is given
 */
export function followingOf(name: string, id: number | undefined, value: number | undefined) {
  if (id === undefined && value === undefined) return undefined;
  if (id === undefined || value === undefined)
    throw new BadRequestError(`${name} and following_ob must be given together`);
  return { id, value };
}
