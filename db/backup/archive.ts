/**
 * The file of a backup: a tar archive, so that standard tools can read it. Its members are, in this order:
 *
 * - `potstats-backup/format.json`: version of the format, migration, tables and columns;
 * - `potstats-backup/<table>/<number>.copy.zst`: rows in COPY's text format, compressed with zstd;
 * - `potstats-backup/contents.json`: the number of rows in each of those, and the sequences;
 * - `potstats-backup/SHA256`: the digest of all bytes before it. Nothing may follow but the archive's end, so every
 *   changed, missing or additional byte is noticed.
 */
import { rmSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { CommandError } from "@potstats/cli/command";
import { createTarDecoder, packTar } from "modern-tar";

const folder = "potstats-backup";
export const formatName = `${folder}/format.json`;
export const contentsName = `${folder}/contents.json`;
export const digestName = `${folder}/SHA256`;

/** The zeros that end a tar archive. */
const endOfArchive = 1024;

/** The version of the format that this program writes, and the latest that it reads. */
export const formatVersion = 1;

/** The first member. A later version may have more in it, but it has these three. */
export interface Format {
  version: number;
  /** Name of the last migration of the database. */
  migration: string;
  /** When the backup was started, ISO 8601. */
  created_at: string;
  /** Tables with their columns in the order of the rows' values. */
  tables: Record<string, string[]>;
}

/** The last member but one. */
export interface Contents {
  /** Per table, the number of rows in each of its members. */
  rows: Record<string, number[]>;
  sequences: Record<string, { last_value: number; is_called: boolean }>;
}

/** Name of a table's member. @param at 0, 1, … */
export const memberName = (table: string, at: number) => `${folder}/${table}/${String(at).padStart(6, "0")}.copy.zst`;

async function pack(name: string, body: Uint8Array, created_at: string): Promise<Uint8Array> {
  const mtime = new Date(created_at);
  return packTar([{ header: { name, size: body.length, mtime, mode: 0o600, uid: 0, gid: 0 }, body }]);
}

const utf8 = new TextEncoder();

/** The archive's last bytes. */
const trailer = (digest: string, created_at: string) => pack(digestName, utf8.encode(`${digest}\n`), created_at);

/** Bytes of the trailer: a header, a block with the digest, and the end of the archive. */
const trailerSize = 2 * 512 + endOfArchive;

/** Writes a backup under a temporary name; only a complete one gets its own name. */
export class ArchiveWriter {
  private readonly hash = new Bun.CryptoHasher("sha256");
  /** Bytes written so far. */
  size = 0;

  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
    readonly created_at: string,
  ) {}

  /** @throws the system's error if the folder is missing or not writable */
  static async create(path: string, created_at: string): Promise<ArchiveWriter> {
    const partial = partialOf(path);
    await rm(partial, { force: true });
    // Nobody else may read the texts, whatever the umask.
    return new ArchiveWriter(path, await open(partial, "wx", 0o600), created_at);
  }

  /** Adds a member. Concurrent calls would mix up the archive. */
  async add(name: string, body: Uint8Array): Promise<void> {
    const packed = await pack(name, body, this.created_at);
    await this.write(packed.subarray(0, packed.length - endOfArchive));
  }

  addJson(name: string, value: Format | Contents): Promise<void> {
    return this.add(name, utf8.encode(`${JSON.stringify(value, null, 1)}\n`));
  }

  private async write(bytes: Uint8Array): Promise<void> {
    this.hash.update(bytes);
    await this.file.writeFile(bytes);
    this.size += bytes.length;
  }

  /** Completes the file and gives it its name, after all of it has reached the disk. */
  async finish(): Promise<void> {
    await this.write(await trailer(this.hash.copy().digest("hex"), this.created_at));
    await this.file.sync();
    await this.file.close();
    await rename(partialOf(this.path), this.path);
    const parent = await open(dirname(this.path));
    await parent.sync();
    await parent.close();
  }

  /** Removes the unfinished file. */
  async discard(): Promise<void> {
    await this.file.close().catch(() => {});
    this.discardAtOnce();
  }

  /** The same for a process that is about to exit. */
  discardAtOnce(): void {
    rmSync(partialOf(this.path), { force: true });
  }
}

/** The temporary name of an unfinished backup. */
export const partialOf = (path: string) => `${path}.partial`;

export interface Member {
  name: string;
  body: Uint8Array;
}

/**
 * Reads all members in order. The bytes are known to be those that were written only once the last one, the digest, has
 * been yielded.
 * @param read called with the number of bytes read
 * @throws CommandError, a sentence, if the file is not a backup, or was truncated or changed
 */
export async function* readArchive(path: string, read: (bytes: number) => void = () => {}): AsyncGenerator<Member> {
  const { size } = await openBackup(path);
  const hash = new Bun.CryptoHasher("sha256");
  let created_at = "";
  try {
    const covered = Bun.file(path)
      .slice(0, size - trailerSize)
      .stream()
      .pipeThrough(
        new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
          transform(chunk, controller) {
            hash.update(chunk);
            read(chunk.length);
            controller.enqueue(chunk);
          },
          flush: (controller) => controller.enqueue(new Uint8Array(endOfArchive)),
        }),
      );
    for await (const { header, body } of covered.pipeThrough(createTarDecoder({ strict: true }))) {
      const bytes = new Uint8Array(await new Response(body).arrayBuffer());
      if (header.name === formatName) created_at = String(parse<Format>(bytes).created_at);
      yield { name: header.name, body: bytes };
    }
  } catch (error) {
    // The consumer's own errors do not come through here: a generator ends where it yields.
    throw isOfSystem(error) ? error : damaged(path);
  }
  const digest = hash.digest("hex");
  const expected = await trailer(digest, created_at).catch(() => null);
  const last = new Uint8Array(
    await Bun.file(path)
      .slice(size - trailerSize, size)
      .arrayBuffer(),
  );
  if (!expected || Buffer.compare(expected, last) !== 0) throw damaged(path);
  yield { name: digestName, body: utf8.encode(digest) };
}

/** An error of reading the disk, as opposed to one of the content. */
const isOfSystem = (error: unknown) => typeof (error as NodeJS.ErrnoException).syscall === "string";

/** Reads a member that is JSON. @throws SyntaxError */
export const parse = <T>(body: Uint8Array): T => JSON.parse(new TextDecoder().decode(body)) as T;

const damaged = (path: string) =>
  new CommandError(`${path} is damaged: its content is not what was written. Nothing was changed; use another backup`);

/**
 * Checks what the beginning and the end of a file look like.
 * @throws CommandError if it is not a backup, or truncated
 */
async function openBackup(path: string): Promise<{ size: number }> {
  const file = Bun.file(path);
  const { size, isFile } = await file.stat().then(
    (stat) => ({ size: stat.size, isFile: stat.isFile() }),
    (error: NodeJS.ErrnoException) => {
      throw error.code === "ENOENT" ? new CommandError(`${path} does not exist`) : error;
    },
  );
  const start = isFile ? new TextDecoder().decode(await file.slice(0, formatName.length).arrayBuffer()) : "";
  if (start !== formatName)
    throw new CommandError(`${path} is not a backup that \`bun run db backup\` wrote. Nothing was changed`);
  const end = new TextDecoder().decode(await file.slice(Math.max(0, size - trailerSize), size).arrayBuffer());
  if (size < 2 * trailerSize || !end.startsWith(digestName))
    throw new CommandError(
      `${path} is incomplete: it does not end as a backup does. Nothing was changed; use another backup`,
    );
  return { size };
}
