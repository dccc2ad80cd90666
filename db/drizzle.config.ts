import { defineConfig } from "drizzle-kit";

export default defineConfig({ dialect: "postgresql", schema: "./crawled.ts", out: "./migrations" });
