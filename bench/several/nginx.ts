/** nginx with the site in docs/nginx-several.conf, on other ports. */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../measure.ts";

export interface Proxy {
  url: string;
  stop(): Promise<void>;
}

/** @param servers two ports @throws Error if nginx is not installed, or does not start */
export async function startNginx(folder: string, port: number, servers: [number, number]): Promise<Proxy> {
  if (Bun.which("nginx") === null) throw new Error("nginx is not installed: apt-get install nginx");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const site = (await readFile(join(root, "docs/nginx-several.conf"), "utf8"))
    .replace("listen 80;", `listen 127.0.0.1:${port};`)
    .replace("127.0.0.1:3001", `127.0.0.1:${servers[0]}`)
    .replace("127.0.0.1:3002", `127.0.0.1:${servers[1]}`);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `  ${kind}_temp_path ${folder}/${kind};`,
  );
  await writeFile(join(folder, "site.conf"), site);
  await writeFile(
    join(folder, "nginx.conf"),
    [
      `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log; worker_processes 1;`,
      "events {}",
      "http {",
      "  access_log off;",
      ...temporary,
      `  include ${folder}/site.conf;`,
      "}",
      "",
    ].join("\n"),
  );
  const child = Bun.spawn(["nginx", "-e", `${folder}/error.log`, "-c", `${folder}/nginx.conf`], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt++) {
    if (
      await fetch(`${url}/healthz`).then(
        (response) => response.ok,
        () => false,
      )
    )
      break;
    if (child.exitCode !== null || attempt === 200) throw new Error(`nginx did not start: see ${folder}/error.log`);
    await Bun.sleep(50);
  }
  return {
    url,
    stop: async () => {
      child.kill("SIGTERM");
      await child.exited;
    },
  };
}
