/** The schema `baked` and the columns that many derived tables share. */
import { bigint, date, integer, pgSchema, smallint } from "drizzle-orm/pg-core";

export const baked = pgSchema("baked");

export const count = () => integer().notNull();
export const year = () => smallint().notNull();
export const bid = () => integer().notNull();
export const uid = () => integer().notNull();
export const day = () => date({ mode: "string" }).notNull();
export const length = () => bigint({ mode: "number" }).notNull();
/** A single post may claim 2^31 - 1 edits. */
export const edits = () => bigint({ mode: "number" }).notNull();
/** A duration in seconds. */
export const seconds = () => bigint({ mode: "number" });
/** The time of a post, in Unix seconds. */
export const unixSeconds = () => bigint({ mode: "number" });
