/** What a server asks its database before it begins. */
import { CommandError } from "@potstats/cli/command";
import { connect } from "../connect.ts";
import { refuseTransactionPooler } from "./pooler.ts";
import { checkTimezone } from "./timezone.ts";

/** Milliseconds that it waits for the answer: it starts without its database too. */
const patience_ms = 3000;

/** @throws CommandError when a pooler in transaction mode stands before it, or it reads the time zone otherwise than JavaScript */
export async function refuseIfThere(url: string, timezone: string): Promise<void> {
  const asked = ask(url, timezone).catch((error: unknown) => {
    if (error instanceof CommandError) throw error;
  });
  asked.catch(() => {});
  await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, patience_ms))]);
}

async function ask(url: string, timezone: string): Promise<void> {
  await refuseTransactionPooler(url);
  const sql = connect(url, { max: 1, name: "potstats check" });
  try {
    await checkTimezone(sql, timezone);
  } finally {
    await sql.end({ timeout: 1 });
  }
}
