/** For tests of the register: a minimal service, a sleeping process with a history of its starts and stops. */
import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Service } from "../services.ts";

/** @param delay_ms how long the service takes to start */
export function sleeper(folder: string, delay_ms = 0): Service {
  const pid = join(folder, "pid");
  const record = (event: string) => appendFileSync(join(folder, "history"), `${event} `);
  return {
    folder,
    isRunning: async () => {
      try {
        return process.kill(Number(readFileSync(pid, "utf8")), 0);
      } catch {
        return false;
      }
    },
    start: async () => {
      record("start");
      await Bun.sleep(delay_ms);
      const child = Bun.spawn(["sleep", "600"], { stdio: ["ignore", "ignore", "ignore"], detached: true });
      child.unref();
      writeFileSync(pid, String(child.pid));
    },
    stop: async () => {
      record("stop");
      process.kill(Number(readFileSync(pid, "utf8")), "SIGKILL");
      rmSync(pid);
    },
  };
}
