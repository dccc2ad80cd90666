/** For tests: a real PgBouncer in front of a database. */
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../embedded/ports.ts";

export interface PgBouncer {
  /** URL of the database through PgBouncer. */
  url: string;
  stop(): Promise<void>;
}

/** Starts PgBouncer. @param settings additional lines of the section `[pgbouncer]` */
export async function startPgBouncer(url: string, settings: Record<string, string | number>): Promise<PgBouncer> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const folder = mkdtempSync(join(tmpdir(), "pgbouncer-"));
  const listenPort = await freePort();
  writeFileSync(join(folder, "users"), `"${username}" "${password}"\n`);
  const all = {
    listen_addr: "127.0.0.1",
    listen_port: listenPort,
    unix_socket_dir: "",
    auth_type: "trust",
    auth_file: join(folder, "users"),
    ...settings,
  };
  writeFileSync(
    join(folder, "ini"),
    `[databases]\n* = host=${hostname} port=${port}\n[pgbouncer]\n${Object.entries(all)
      .map(([name, value]) => `${name} = ${value}\n`)
      .join("")}`,
  );
  // PgBouncer refuses to run as root: nobody runs it then.
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  if (user.uid)
    for (const path of [folder, join(folder, "ini"), join(folder, "users")]) chownSync(path, 65_534, 65_534);
  const child = Bun.spawn(["pgbouncer", join(folder, "ini")], { ...user, stdio: ["ignore", "ignore", "ignore"] });
  for (let tries = 0; !(await accepts(listenPort)); tries++) {
    if (tries === 500 || child.exitCode !== null) throw new Error("PgBouncer does not start");
    await sleep(20);
  }
  return {
    url: `postgres://${username}:${password}@127.0.0.1:${listenPort}${pathname}`,
    stop: async () => {
      child.kill("SIGKILL");
      await child.exited;
      rmSync(folder, { recursive: true });
    },
  };
}

const accepts = (port: number) =>
  Bun.connect({ hostname: "127.0.0.1", port, socket: { data() {} } }).then(
    (socket) => {
      socket.end();
      return true;
    },
    () => false,
  );
