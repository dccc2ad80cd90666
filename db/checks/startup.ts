/** Checks that a server makes on its database before it starts. */
import { CommandError } from "@potstats/cli/command";
import { connect } from "../connect.ts";
import { refuseTransactionPooler } from "./pooler.ts";
import { checkTimezone } from "./timezone.ts";

/** Milliseconds to wait for the checks: the server also starts without its database. */
const patience_ms = 3000;

/**
 * Checks the database, if it answers in time.
 * @throws CommandError if it is a pooler in transaction mode, or its time zone data differs from JavaScript's
 */
export async function refuseIfThere(url: string, timezone: string): Promise<void> {
  const checks = check(url, timezone).catch((error: unknown) => {
    if (error instanceof CommandError) throw error;
  });
  checks.catch(() => {});
  await Promise.race([checks, new Promise((resolve) => setTimeout(resolve, patience_ms))]);
}

async function check(url: string, timezone: string): Promise<void> {
  await refuseTransactionPooler(url);
  const sql = connect(url, { max: 1, name: "potstats check" });
  try {
    await checkTimezone(sql, timezone);
  } finally {
    await sql.end({ timeout: 1 });
  }
}
