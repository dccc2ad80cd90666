/** Query parameters as the API takes them, each described and validated in one place. */
import { z } from "@hono/zod-openapi";

/** A decimal integer within bounds. */
export function integer(minimum: number, maximum: number, description: string) {
  return z
    .string()
    .regex(/^[+-]?\d{1,15}$/, { message: `must be a whole number from ${minimum} to ${maximum}` })
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, { message: `must be from ${minimum} to ${maximum}` })
    .openapi({ type: "integer", minimum, maximum, description });
}

const int4 = 2 ** 31 - 1;

export const year = integer(0, 9999, "year in the statistics' time zone; 0 or absent: all years").optional();
export const bid = integer(0, int4, "board; 0 or absent: all boards").optional();
export const uid = integer(0, int4, "user");
export const limit = integer(1, 10_000, "rows at most; 1000 unless given").optional();
export const linkType = z
  .enum(["", "link", "image", "video"], { message: "must be link, image or video, or empty for all" })
  .optional()
  .openapi({ description: "kind of link; empty or absent: all" });

export const defaultLimit = 1000;

/** Year and board of a selection; 0 stands for all. */
export interface Selection {
  year: number;
  bid: number;
}

export const selection = (query: { year?: number | undefined; bid?: number | undefined }): Selection => ({
  year: query.year ?? 0,
  bid: query.bid ?? 0,
});
