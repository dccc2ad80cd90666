/** How commands end: exit codes, error messages and signals. */
import { CommanderError, type CommandUnknownOpts } from "@commander-js/extra-typings";

/**
 * The exit codes of all commands. `usage`: wrong options or settings; `running`: another process holds the lock;
 * `incomplete`: done, but something could not be read.
 */
export const exitCodes = { done: 0, failed: 1, usage: 2, running: 3, incomplete: 4 } as const;

/** An error whose message is written for the user. */
export class CommandError extends Error {
  override name = "CommandError";
  readonly exitCode: number;
  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** A usage error without the URLs that commander repeats in it: they may hold passwords. */
const withoutUrls = (message: string): string =>
  message.replace(/(<url>') argument '.*' is invalid\./s, "$1 is invalid:").replace(/:\/\/\S.*/s, "://…\n");

/** Runs a command and sets the process's exit code. Prints an error as one clear message, without a stack. */
export async function run(program: CommandUnknownOpts, argv: string[] = process.argv): Promise<void> {
  for (const command of [program, ...program.commands]) {
    command.exitOverride().showHelpAfterError("(see --help)").allowExcessArguments(false);
    command.configureOutput({ outputError: (message, write) => write(withoutUrls(message)) });
  }
  // `bun run … | head` closes the pipe before everything is printed: end like a program that SIGPIPE ends.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(141);
  });
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Prints an error and how to fix it. @returns the exit code */
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
  ENOSPC: "free space on this disk, and run the command again",
  CONNECT_TIMEOUT:
    "it did not answer in time: is the address right, and does the pooler in front of it allow enough connections?",
  ENOTFOUND: "no such host",
  "25006": "this database is read-only: DATABASE_URL must point to the primary, with a role that may write",
  "28000": "the server refuses this user, database or connection: DATABASE_URL may need `?sslmode=require`",
  "28P01": "wrong user or password (DATABASE_URL)",
  "3D000": "create the database first, or correct DATABASE_URL",
  "42501": "this role lacks the privilege: use the one that owns the tables",
  "42703": "the tables are those of an earlier version: run `bun run db migrate`",
  "42P01": "the tables are missing: run `bun run db migrate`",
  "3F000": "the tables are missing: run `bun run db migrate`",
  "53100": "the database's disk is full",
  "53300": "it accepts no more connections: raise max_connections, or stop other clients",
  "57014": "the statement was canceled: run the command again",
  "57P03": "the database is starting or stopping: try again",
};

function hintFor({ code = "", syscall, message }: Error & { code?: string; syscall?: string }): string | undefined {
  if (/(unrecognized configuration|unsupported startup) parameter/.test(message)) return "remove it from DATABASE_URL";
  // A Unix socket that does not exist.
  if (code === "ENOENT" && syscall === "connect") return hints["ECONNREFUSED"];
  if (syscall === "mkdir") return "set DATA_DIR to a folder that can be written";
  return Object.hasOwn(hints, code) ? hints[code] : undefined;
}

/** An error's message, with a hint if there is one. Passwords in URLs are masked. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Connecting to a host with several IP addresses fails with an empty AggregateError that has one error per address.
  if (error instanceof AggregateError && error.message === "")
    return [...new Set(error.errors.map(messageOf))].join("; ") || error.name;
  const hint = hintFor(error as Error & { code?: string; syscall?: string });
  // Up to the last @ before the path: a password may contain an unescaped one.
  const message = error.message.replaceAll(/(\w+:\/\/[^\s:/@]*):[^\s/]+@/g, "$1:***@") || error.name;
  return hint ? `${message} – ${hint}` : message;
}

/**
 * Milliseconds during which a second signal counts as an echo of the first. A terminal, systemd and `timeout` signal
 * the whole process group, and `bun run` then forwards its own copy.
 */
const echo_ms = 300;

/** Exit codes of a process ended by a signal: 128 + its number, as in a shell. */
const exitCodeOf = { SIGINT: 130, SIGTERM: 143 } as const;

/** Milliseconds for a clean exit. A command must end within five seconds, whatever it is waiting for. */
const gracePeriod_ms = 3500;

/**
 * Turns Ctrl-C and SIGTERM into an AbortSignal. The first signal requests a clean exit. A second one exits at once,
 * and so does a timeout, because what the command waits for may never come: a lock, or the response of a dead server.
 * @param onFirst called on the first signal
 * @param timeout_ms milliseconds from the first signal to the forced exit
 * @returns `release` restores the default handling of further signals; the timeout stays
 */
export function interruptible(
  onFirst?: () => void,
  timeout_ms = gracePeriod_ms,
): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  let first_ms = 0;
  const handle = (name: keyof typeof exitCodeOf) => {
    if (controller.signal.aborted) {
      if (performance.now() - first_ms > echo_ms) process.exit(exitCodeOf[name]);
      return;
    }
    first_ms = performance.now();
    // `release` leaves this running: closing connections may hang, too.
    setTimeout(() => {
      console.error("interrupted while waiting; no committed work is lost");
      process.exit(exitCodeOf[name]);
    }, timeout_ms).unref();
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
