/** The SQL of full and incremental runs, formatted to be read. */
import { createTableAs } from "@potstats/db/baked-ddl";
import { postFacts as postFactsTable } from "@potstats/db/baked";
import { format } from "sql-formatter";
import { findChanges, stepsOf } from "../incremental.ts";
import { inputs } from "../inputs/index.ts";
import { postFacts } from "../inputs/post-facts.ts";
import { intermediates } from "../intermediates/index.ts";
import { statistics } from "../registry.ts";

const timezone = "Europe/Berlin";

const header = (content: string) => `-- ${content}
-- Generated from analytics/inputs, intermediates and statistics by \`bun run docs\`: do not edit.
`;

interface Section {
  title: string;
  statements: string[];
}

/** Wide enough for calls and grouping sets on one line. */
const style = { language: "postgresql", expressionWidth: 100 } as const;

const render = ({ title, statements }: Section): string =>
  `-- ${title}\n${format(`${statements.join(";\n")};`, style)}\n`;

/** What a full run executes, without keys and indexes. */
const fullSql = (): string =>
  [
    header("A full run, without keys and indexes. Users, boards, threads, quotes and links are derived in TypeScript."),
    render({ title: "post_facts", statements: [createTableAs(postFactsTable, "baked_next", postFacts(timezone))] }),
    ...inputs.map(({ name, tables, full }) =>
      render({ title: `${name}, derived from ${tables.join(", ")}`, statements: [full] }),
    ),
    ...intermediates.map(({ name, needs, full }) =>
      render({ title: `${name}, derived from ${needs.map((source) => source.name).join(", ")}`, statements: [full] }),
    ),
    ...statistics.map(({ name, needs, table, query }) =>
      render({
        title: `${name}, derived from ${needs.map((source) => source.name).join(", ")}`,
        statements: [createTableAs(table, "baked_next", query)],
      }),
    ),
  ].join("\n");

/** What an incremental run executes in one transaction. */
function incrementalSql(): string {
  const sections: Section[] = [
    { title: "changed threads and posts, here since revision 0", statements: [findChanges(0)] },
  ];
  for (const { stage, table, statements, ifAny } of stepsOf(statistics)) {
    const condition = ifAny.length > 0 ? `, if there are rows in ${ifAny.join(" and ")}` : "";
    const title = `${table}: ${stage}${condition}`;
    const last = sections.at(-1);
    if (last?.title === title) last.statements.push(...statements);
    else sections.push({ title, statements: [...statements] });
  }
  return [
    header(
      "The one transaction of an incremental run. Users, boards, threads, quotes and links are derived in TypeScript.",
    ),
    ...sections.map(render),
  ].join("\n");
}

export const files = { "full.sql": fullSql, "incremental.sql": incrementalSql };
