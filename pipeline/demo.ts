/**
 * `bun run demo`: the whole line on an empty machine. A simulated forum is crawled over HTTP, analysed, indexed
 * and served. What an earlier demo left behind is used again.
 *
 * It keeps to itself: its data lies in `<DATA_DIR>/demo`, whatever DATABASE_URL says, so that invented posts never
 * mix with crawled ones.
 */
import { join } from "node:path";
import { analyze } from "@potstats/analytics/analyze";
import { interruptible, run } from "@potstats/cli/command";
import { openProgress } from "@potstats/cli/progress";
import { readSettings } from "@potstats/cli/settings";
import { crawl } from "@potstats/crawler/crawl";
import { openDatabase } from "@potstats/db/open";
import { openMeilisearch } from "@potstats/search/embedded";
import { fillIndex } from "@potstats/search/fill";
import { serveApp } from "@potstats/server/serve";
import { createForum } from "@potstats/simulator/forum";
import { Command } from "commander";
import { buildWeb } from "./web.ts";
