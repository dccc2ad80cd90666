/**
 * Puts into the document whatever its first paint needs: styles, the shell in both languages, and a script that shows it
 * and starts to load the page. So nothing has to be requested before something is painted.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin, type Rolldown } from "vite";
import solid from "vite-plugin-solid";
import { firstRequests } from "./first-requests.ts";
import { inlineScript } from "./inline-script.ts";

type Renderer = typeof import("./render-shell.tsx");
type DocumentPages = ReturnType<Renderer["documentPages"]>;

const marker = "<!-- first paint -->";

export const firstPaint = (): Plugin => ({
  name: "first-paint",
  transformIndexHtml: {
    order: "post",
    handler: async (html, { bundle }) => {
      const script = `<script>${inlineScript()}</script>`;
      const start = '<div id="app"></div>';
      if (!bundle) return html.replace(marker, () => start + script);
      const { shells, pages } = await renderShells();
      const list = JSON.stringify(pageList(pages, bundle)).replaceAll("<", String.raw`\u003c`);
      const body = [
        ...Object.entries(shells).map(([language, shell]) => `<template id="shell-${language}">${shell}</template>`),
        `<script type="application/json" id="pages">${list}</script>`,
        start,
        script,
      ];
      return inlineStyles(html, bundle).replace(marker, () => body.join("\n    "));
    },
  },
});

/** Replaces links to style sheets by their content. */
function inlineStyles(html: string, bundle: Rolldown.OutputBundle): string {
  return html.replaceAll(/<link rel="stylesheet"[^>]*href="\.\/([^"]+)"[^>]*>/g, (_, name: string) => {
    const file = bundle[name];
    if (file?.type !== "asset") throw new Error(`there is no style sheet ${name}`);
    delete bundle[name];
    return `<style>${String(file.source).trim()}</style>`;
  });
}

/** Each page's path, titles, code and first requests, for first-paint.js. */
function pageList(pages: DocumentPages, bundle: Rolldown.OutputBundle) {
  const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
  /** The files of a page's code, without those that the document loads anyway. */
  const filesOf = (page: string): string[] => {
    const start = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(`/pages/${page}/page.tsx`));
    const entry = chunks.find(({ isEntry }) => isEntry);
    if (!start || !entry) throw new Error(`the page ${page} has no chunk`);
    const found = new Set([start.fileName]);
    for (const name of found) {
      for (const imported of chunks.find(({ fileName }) => fileName === name)?.imports ?? []) found.add(imported);
    }
    return [...found].filter((name) => name !== entry.fileName && !entry.imports.includes(name));
  };
  return pages.map(({ pattern, parameters, name, title, years }) => ({
    pattern,
    parameters,
    title,
    years,
    files: filesOf(name),
    requests: firstRequests(name),
  }));
}

/** Compiles the application for rendering without a browser, except for its pages, and renders it. */
async function renderShells() {
  const folder = await mkdtemp(join(tmpdir(), "potstats-shell-"));
  try {
    await build({
      configFile: false,
      root: join(import.meta.dirname, ".."),
      logLevel: "error",
      plugins: [solid({ ssr: true, solid: { generate: "ssr", hydratable: false } })],
      ssr: { noExternal: true },
      build: {
        ssr: "document/render-shell.tsx",
        outDir: folder,
        emptyOutDir: true,
        copyPublicDir: false,
        rolldownOptions: { external: /\/pages\/[\w-]+\/page\.tsx$/ },
      },
    });
    const address = pathToFileURL(join(folder, "render-shell.js")).href;
    const { documentPages, renderShell } = (await import(address)) as Renderer;
    return { pages: documentPages(), shells: { de: await renderShell("de"), en: await renderShell("en") } };
  } finally {
    await rm(folder, { recursive: true });
  }
}
