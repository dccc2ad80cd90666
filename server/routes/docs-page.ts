/**
 * The API's reference as one HTML page, generated from its OpenAPI description. Not a library's page: those need
 * scripts, which the Content-Security-Policy would have to allow.
 */
import type { OpenAPIHono } from "@hono/zod-openapi";

export type Description = ReturnType<OpenAPIHono["getOpenAPI31Document"]>;

/** The part of JSON Schema that our descriptions use. */
interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  oneOf?: Schema[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  default?: unknown;
  description?: string;
}

interface Parameter {
  name: string;
  required?: boolean;
  description?: string;
  schema?: Schema;
}

interface Operation {
  summary?: string;
  parameters?: Parameter[];
  responses: Record<string, { description: string; content?: Record<string, { schema?: Schema }> }>;
  /** Example query strings. */
  "x-examples"?: string[];
}

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escape = (text: unknown): string => String(text).replaceAll(/[&<>"]/g, (character) => escapes[character] ?? "");

/** Escapes a sentence and marks its `code`. */
const prose = (text: string): string => escape(text).replaceAll(/`([^`]+)`/g, "<code>$1</code>");

/** A schema in TypeScript notation. */
function shape(schema: Schema, indent = ""): string {
  const { $ref, type, oneOf, anyOf, properties, items, additionalProperties } = schema;
  if ($ref) return $ref.replace(/^.*\//, "");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const either = oneOf ?? anyOf;
  if (either) return either.map((one) => shape(one, indent)).join(" | ");
  if (items) return `${wrapped(shape(items, indent))}[]`;
  if (properties && Object.keys(properties).length > 0) {
    const inner = `${indent}  `;
    const lines = Object.entries(properties).map(([name, property]) => {
      const key = /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
      const mark = schema.required?.includes(name) ? "" : "?";
      const remark = property.description ? `  // ${property.description}` : "";
      return `${inner}${key}${mark}: ${shape(property, inner)},${remark}`;
    });
    const others =
      typeof additionalProperties === "object" ? [`${inner}[name]: ${shape(additionalProperties, inner)},`] : [];
    return `{\n${[...lines, ...others].join("\n")}\n${indent}}`;
  }
  if (typeof additionalProperties === "object" && Object.keys(additionalProperties).length > 0) {
    return `{ [name]: ${shape(additionalProperties, indent)} }`;
  }
  return (Array.isArray(type) ? type : [type ?? "any"]).join(" | ");
}

const wrapped = (text: string) => (text.includes(" | ") ? `(${text})` : text);

/** The allowed values of a parameter, in words. */
function allowed(schema: Schema): string {
  if (schema.enum) return schema.enum.map((value) => (value === "" ? "empty" : escape(value))).join(", ");
  const { minimum, maximum, maxLength } = schema;
  const range = minimum === undefined || maximum === undefined ? "" : `, ${minimum} to ${maximum}`;
  const length = maxLength === undefined ? "" : `, at most ${maxLength} characters`;
  return `${escape(schema.type ?? "text")}${range}${length}`;
}

function parameters(list: Parameter[]): string {
  if (list.length === 0) return "";
  const rows = list.map(({ name, required, description = "", schema = {} }) => {
    const fallback = required
      ? "required"
      : schema.default === undefined
        ? ""
        : escape(schema.default === "" ? "empty" : schema.default);
    return `<tr><th scope="row"><code>${escape(name)}</code></th><td>${allowed(schema)}</td><td>${fallback}</td><td>${prose(description)}</td></tr>`;
  });
  return `<table><thead><tr><th scope="col">parameter</th><th scope="col">values</th><th scope="col">default</th><th scope="col">meaning</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

const idOf = (path: string) => path.replaceAll(/\W+/g, "-").replaceAll(/^-|-$/g, "");

const examples = (address: string, queries: string[]): string => {
  const links = queries.map((query) => `<a href="${escape(`${address}?${query}`)}">?${escape(query)}</a>`);
  return links.length === 0 ? "" : `<p>For example: ${links.join(", ")}</p>`;
};

function section(basePath: string, path: string, operation: Operation): string {
  const { summary = "", parameters: list = [], responses, "x-examples": queries = [] } = operation;
  const described = Object.entries(responses).map(([status, { description, content = {} }]) => {
    const shapes = Object.entries(content)
      // Every error has the same shape, which is shown once.
      .filter(() => status === "200")
      .map(([type, { schema }]) => `<p>${escape(type)}</p><pre tabindex="0">${escape(shape(schema ?? {}))}</pre>`);
    return `<dt>${escape(status)}</dt><dd>${prose(description)}${shapes.join("")}</dd>`;
  });
  return `<section id="${idOf(path)}"><h2><code>GET <a href="${escape(basePath + path)}">${escape(path)}</a></code></h2><p>${prose(summary)}</p>${examples(basePath + path, queries)}${parameters(list)}<dl>${described.join("")}</dl></section>`;
}

const style = `
:root{color-scheme:light dark;--line:#8884}
html{background:Canvas;color:CanvasText}
body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:0 auto;padding:1rem}
nav ul{columns:16rem;padding-left:1.2rem}
section{border-top:1px solid var(--line);margin-top:2rem}
h2{font-size:1.15rem;margin-top:1.2rem}
a,code,dd{overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line)}
thead th{font-weight:600}
@media (max-width:40rem){nav ul{columns:auto}thead{display:none}tr{display:block;padding:.3rem 0;border-bottom:1px solid var(--line)}tr>*{display:inline;border:0;padding:0 .6rem 0 0}td:last-child{display:block}td:nth-child(3):not(:empty)::before{content:"default: "}}
pre{overflow-x:auto;border:1px solid var(--line);border-radius:6px;padding:.7rem}
dt{font-weight:600}dd{margin:0 0 .6rem 1rem}`;

/** Renders the page. @param basePath prefix of every path */
export function docsPage(description: Description, basePath: string): string {
  const { info, components } = description;
  const paths = Object.entries(description.paths ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const links = paths.map(([path]) => `<li><a href="#${idOf(path)}"><code>${escape(path)}</code></a></li>`);
  const sections = paths.map(([path, item]) => section(basePath, path, item.get as unknown as Operation));
  const schemas = Object.entries((components?.schemas ?? {}) as Record<string, Schema>).map(
    ([name, schema]) =>
      `<dt><code>${escape(name)}</code></dt><dd>${escape(schema.description ?? "")}<pre tabindex="0">${escape(shape(schema))}</pre></dd>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(info.title)} – API</title><link rel="icon" href="${escape(basePath)}/favicon.svg"><style>${style}</style></head>
<body><header><h1>${escape(info.title)} – API ${escape(info.version)}</h1><p>${escape(info.description ?? "")}</p>
<p>Machine-readable description: <a href="${escape(basePath)}/api/openapi.json">/api/openapi.json</a> (OpenAPI ${escape(description.openapi)})</p></header>
<nav aria-label="endpoints"><ul>${links.join("")}</ul></nav>
<main>${sections.join("\n")}
<section id="shapes"><h2>Shared types</h2><dl>${schemas.join("")}</dl></section></main></body></html>
`;
}
