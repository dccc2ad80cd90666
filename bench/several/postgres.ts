/** A PostgreSQL primary and its streaming replica on this machine, from the embedded PostgreSQL's binaries. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdir, open, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { connect } from "@potstats/db/connect";
import { type Place, preparePlace } from "@potstats/db/embedded/place";
import { freePort } from "@potstats/db/embedded/ports";

const user = "potstats";
const database = "potstats";

/** One PostgreSQL server. */
export interface Instance {
  folder: string;
  port: number;
  start(): Promise<void>;
  /** Ends it at once, as a power cut does. */
  kill(): Promise<void>;
  /** Suspends its processes: connections stay open, but get no responses. */
  suspend(): Promise<void>;
  resume(): Promise<void>;
  /** Makes a replica the primary. */
  promote(): Promise<void>;
}

export interface Cluster {
  primary: Instance;
  replica: Instance;
  /** URL of one or several servers, in this order. */
  urlOf(instances: Instance[], parameters?: string): string;
  /** Makes an instance a new replica of the other one, from a copy of its files. */
  copy(from: Instance, to: Instance): Promise<void>;
  /** Stops both. */
  stop(): Promise<void>;
}

/** Creates a new primary with an empty database, and an empty replica of it; both run. @param folder deleted if it exists */
export async function startCluster(folder: string): Promise<Cluster> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const place = preparePlace({ dataDir: folder });
  const password = randomBytes(16).toString("hex");
  const [primary, replica] = await Promise.all([instanceIn(place, "first"), instanceIn(place, "second")]);
  await initialize(place, primary.folder, password);
  const urlOf: Cluster["urlOf"] = (instances, parameters = "") => {
    const hosts = instances.map(({ port }) => `127.0.0.1:${port}`).join(",");
    return `postgres://${user}:${password}@${hosts}/${database}${parameters}`;
  };
  const copy: Cluster["copy"] = (from, to) => copyCluster(place, urlOf([from]), password, from, to);
  await primary.start();
  const admin = connect(urlOf([primary]).replace(/[^/]*$/, "postgres"), { max: 1 });
  await admin.unsafe(`create database ${database}`);
  await admin.end();
  await copy(primary, replica);
  return {
    primary,
    replica,
    urlOf,
    copy,
    stop: async () => void (await Promise.all([primary.kill(), replica.kill()])),
  };
}

/** Runs a program of PostgreSQL as its user. @throws Error with its output */
async function run(place: Place, program: string, args: string[]): Promise<void> {
  // A file, not a pipe: a server that pg_ctl starts would keep the pipe open.
  const path = join(dirname(place.cluster), `${basename(program)}.out`);
  const output = await open(path, "w");
  try {
    const child = spawn(program.includes("/") ? program : join(place.binaries, "bin", program), args, {
      ...place.owner,
      cwd: "/",
      env: { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" },
      stdio: ["ignore", output.fd, output.fd],
    });
    const code = await new Promise((ended) => child.on("error", ended).on("exit", ended));
    if (code !== 0) throw new Error(`${program} failed (${String(code)}): ${await readFile(path, "utf8")}`);
  } finally {
    await output.close();
  }
}

async function initialize(place: Place, folder: string, password: string): Promise<void> {
  const file = `${folder}.password`;
  await writeFile(file, password, { mode: 0o600 });
  if (place.owner) await chown(file, place.owner.uid, place.owner.gid);
  await run(place, "initdb", [
    "-D",
    folder,
    `--username=${user}`,
    `--pwfile=${file}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--locale=C.UTF-8",
    "--no-sync",
  ]);
  await rm(file);
}

/** PostgreSQL's defaults, but for memory, and log that is kept for a replica that was away. */
const settings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  shared_buffers: "256MB",
  work_mem: "32MB",
  wal_keep_size: "1GB",
  max_wal_size: "2GB",
  hot_standby_feedback: "on",
  jit: "off",
  timezone: "UTC",
};

async function instanceIn(place: Place, name: string): Promise<Instance> {
  const folder = join(dirname(place.cluster), name);
  const port = await freePort();
  const flags = Object.entries({ ...settings, port: String(port) })
    .map(([setting, value]) => `-c ${setting}='${value}'`)
    .join(" ");
  const control = (...args: string[]) => run(place, "pg_ctl", [...args, "-D", folder, "-w", "-t", "60"]);
  /** The postmaster and its children. */
  const processes = async (): Promise<number[]> => {
    const [pid = ""] = (await readFile(join(folder, "postmaster.pid"), "utf8")).split("\n");
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
    return [pid, ...children.split(" ")].filter((each) => each.trim() !== "").map(Number);
  };
  const signal = async (name_: NodeJS.Signals) => {
    for (const pid of await processes().catch(() => [])) process.kill(pid, name_);
  };
  return {
    folder,
    port,
    start: () => control("start", "-l", `${folder}.log`, "-o", flags),
    kill: async () => {
      await signal("SIGCONT");
      await control("stop", "-m", "immediate").catch(() => {});
    },
    suspend: () => signal("SIGSTOP"),
    resume: () => signal("SIGCONT"),
    promote: () => control("promote"),
  };
}

/** Does what pg_basebackup does, which the embedded PostgreSQL lacks: copies the files of a running server. */
async function copyCluster(place: Place, url: string, password: string, from: Instance, to: Instance): Promise<void> {
  const sql = connect(url, { max: 1 });
  await rm(to.folder, { recursive: true, force: true });
  await sql`select pg_backup_start('bench', true)`;
  await run(place, "/bin/cp", ["-a", from.folder, to.folder]);
  const [label] = await sql<{ labelfile: string }[]>`select labelfile from pg_backup_stop(false)`;
  for (const file of ["postmaster.pid", "postmaster.opts"]) await rm(join(to.folder, file), { force: true });
  const files = {
    backup_label: label?.labelfile ?? "",
    "standby.signal": "",
    "postgresql.auto.conf": `primary_conninfo = 'host=127.0.0.1 port=${from.port} user=${user} password=${password}'\n`,
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(to.folder, name), content, { mode: 0o600 });
    if (place.owner) await chown(join(to.folder, name), place.owner.uid, place.owner.gid);
  }
  await sql.end();
  await to.start();
}
