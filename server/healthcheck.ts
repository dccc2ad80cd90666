/** `bun server/healthcheck.ts`: exits with 0 if the server that has these settings responds, otherwise with 1. */
import { readSettings } from "@potstats/cli/settings";
import { localUrl } from "./app-options.ts";

const settings = readSettings(process.env, ["HOST", "PORT", "BASE_PATH"]);
// HOST may be any address of this machine, and a proxy would not reach it.
process.env["NO_PROXY"] = process.env["no_proxy"] = "*";
const { ok } = await fetch(`${localUrl(settings, settings.PORT)}/healthz`);
process.exitCode = ok ? 0 : 1;
