/** Parameters and checks that the routes about one user share. */
import { z } from "@hono/zod-openapi";
import { BadRequestError } from "../http/errors.ts";
import type { Sql } from "../queries/selection.ts";
import { findUserByName, findUserByUid } from "../queries/user.ts";
import { bid, uid, years } from "./params.ts";
import { csvParameters } from "./table.ts";

/** Query parameters that select a user, a year and a board. */
export const userSelection = z.object({ uid, year: years, bid, ...csvParameters });

/** @throws BadRequestError if there is no such user */
export async function requireUser(sql: Sql, id: number) {
  const user = await findUserByUid(sql, id);
  if (!user) throw new BadRequestError(`no user has the id ${id}`);
  return user;
}

/** @throws BadRequestError if there is no such user, or if no name is given */
export async function requireUserNamed(sql: Sql, name: string | undefined) {
  if (name === undefined) throw new BadRequestError("parameter uid or user is required: a user's id or name");
  const user = await findUserByName(sql, name);
  if (!user) throw new BadRequestError(`no user is called ${name}`);
  return user;
}
