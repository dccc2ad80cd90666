/** For tests of the register: a minimal service, a sleeping process with a diary of its starts and stops. */
import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Service } from "../services.ts";

/** @param delay_ms how long the service takes to start */
export function sleeper(folder: string, delay_ms = 0): Service {
  const pid = join(folder, "pid");
  const write = (word: string) => appendFileSync(join(folder, "diary"), `${word} `);
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
      write("start");
      await Bun.sleep(delay_ms);
      const child = Bun.spawn(["sleep", "600"], { stdio: ["ignore", "ignore", "ignore"], detached: true });
      child.unref();
      writeFileSync(pid, String(child.pid));
    },
    stop: async () => {
      write("stop");
      process.kill(Number(readFileSync(pid, "utf8")), "SIGKILL");
      rmSync(pid);
    },
  };
}
