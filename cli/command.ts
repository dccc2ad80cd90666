/** How a command ends: exit codes and errors, in one place. */
import { CommanderError, type CommandUnknownOpts } from "@commander-js/extra-typings";

/** Done, failed, wrong usage, another one is running, done but incomplete. */
export const exitCodes = { done: 0, failed: 1, usage: 2, running: 3, incomplete: 4 } as const;

/** An error whose message is meant for the person at the terminal. */
export class CommandError extends Error {
  override name = "CommandError";
  constructor(
    message: string,
    readonly exitCode: number = exitCodes.failed,
  ) {
    super(message);
  }
}

/** Runs a command to its end and sets the process's exit code. Prints errors as one clear message. */
export async function run(program: CommandUnknownOpts, argv: string[] = process.argv): Promise<void> {
  const everything = [program, ...program.commands];
  for (const command of everything) {
    command.exitOverride().showHelpAfterError("(--help tells more)").allowExcessArguments(false);
  }
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** @returns the exit code for an error, after printing what to do about it */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (error instanceof Error && error.name === "AbortError") {
    console.error("interrupted");
    return 130;
  }
  console.error(`error: ${messageOf(error)}`);
  if (error instanceof Error && error.name === "SettingsError") return exitCodes.usage;
  const code = (error as { exitCode?: unknown }).exitCode;
  return typeof code === "number" ? code : exitCodes.failed;
}

const hints: Record<string, string> = {
  ECONNREFUSED: "is it running, and is the address right?",
  CONNECT_TIMEOUT:
    "it did not answer in time: is the address right, and does a pooler before it give enough connections?",
  ENOTFOUND: "there is no such host",
  "25006": "this database takes no changes: DATABASE_URL must name the primary, and a role that may write",
  "28P01": "user or password is wrong (DATABASE_URL)",
  "3D000": "make the database first, or correct DATABASE_URL",
  "42501": "this role may not do that: use the one that owns the tables",
  "42P01": "the tables are missing: run `bun run db migrate`",
  "3F000": "the tables are missing: run `bun run db migrate`",
  "53100": "the disk of the database is full",
  "53300": "it takes no more connections: raise max_connections, or stop other clients",
  "57014": "somebody ended the statement: run it again",
  "57P03": "the database is starting or stopping: try again",
};

function hintFor({ code = "", syscall, message }: Error & { code?: string; syscall?: string }): string | undefined {
  if (/(unrecognized configuration|unsupported startup) parameter/.test(message)) return "take it out of DATABASE_URL";
  // A Unix socket that is not there.
  if (code === "ENOENT" && syscall === "connect") return hints["ECONNREFUSED"];
  return Object.hasOwn(hints, code) ? hints[code] : undefined;
}

/** The error in words, with what to do where we know. Never holds an address with a password. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A host with several addresses fails with one error for each, and none of its own.
  if (error instanceof AggregateError && error.message === "")
    return [...new Set(error.errors.map(messageOf))].join("; ") || error.name;
  const hint = hintFor(error as Error & { code?: string; syscall?: string });
  // Up to the last @ before the host ends: a password may hold unescaped ones.
  const message = error.message.replaceAll(/(\w+:\/\/[^\s:/@]*):[^\s/]+@/g, "$1:***@") || error.name;
  return hint ? `${message} – ${hint}` : message;
}

/**
 * Milliseconds in which a second signal is an echo of the first: `bun run` passes on what a terminal, systemd or `timeout`
 * has already sent to the whole group of processes.
 */
const echo_ms = 300;

/** What a shell tells of a command that a signal ended. */
const exitCodeOf = { SIGINT: 130, SIGTERM: 143 } as const;

/** Milliseconds that a command has to end well: it ends within five seconds, whatever it waits for. */
const patience_ms = 3500;

/**
 * Turns Ctrl-C and SIGTERM into an AbortSignal: the first asks to end cleanly, a second one ends at once, and so does the first
 * after a while. What the command waits for may never come: a lock, an answer of a server that is gone.
 * @param onFirst told when the first arrives
 * @param patience milliseconds between the first and the end
 */
export function interruptible(onFirst?: () => void, patience = patience_ms): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  let first_ms = 0;
  const handle = (name: keyof typeof exitCodeOf) => {
    if (controller.signal.aborted) {
      if (performance.now() - first_ms > echo_ms) process.exit(exitCodeOf[name]);
      return;
    }
    first_ms = performance.now();
    // It stays after `release`: closing what was opened may take for ever too.
    setTimeout(() => {
      console.error("interrupted while waiting; nothing that was committed is lost");
      process.exit(exitCodeOf[name]);
    }, patience).unref();
    onFirst?.();
    controller.abort(new DOMException("interrupted", "AbortError"));
  };
  const handlers = { SIGINT: () => handle("SIGINT"), SIGTERM: () => handle("SIGTERM") };
  process.on("SIGINT", handlers.SIGINT);
  process.on("SIGTERM", handlers.SIGTERM);
  return {
    signal: controller.signal,
    release: () => {
      process.off("SIGINT", handlers.SIGINT);
      process.off("SIGTERM", handlers.SIGTERM);
    },
  };
}
