/** What a query for Prometheus refers to, by Prometheus's own grammar. */
import { parser } from "@prometheus-io/lezer-promql";

export interface Matcher {
  label: string;
  operator: string;
  value: string;
}

export interface Query {
  /** Selected metrics with the labels that they are selected by. */
  selectors: { metric: string; matchers: Matcher[] }[];
  /** Labels of `by`, `without`, `on` and the like. */
  grouping: string[];
}

/** @throws Error if the query has a syntax error */
export function parseQuery(text: string): Query {
  const query: Query = { selectors: [], grouping: [] };
  parser.parse(text).iterate({
    enter(node) {
      const own = text.slice(node.from, node.to);
      if (node.type.isError) throw new Error(`syntax error at ${node.from} of ${text}`);
      if (node.name === "VectorSelector") query.selectors.push({ metric: "", matchers: [] });
      const selector = query.selectors.at(-1);
      if (node.name === "Identifier" && selector) selector.metric = own;
      if (node.name === "UnquotedLabelMatcher" && selector) {
        const [, label = "", operator = "", value = ""] = /^(\w+)\s*(=~|!~|!=|=)\s*"(.*)"$/.exec(own) ?? [];
        selector.matchers.push({ label, operator, value });
      }
      if (node.name === "LabelName" && node.node.parent?.name === "GroupingLabels") query.grouping.push(own);
    },
  });
  return query;
}

/** Prometheus's text format: each metric's samples, as their labels. */
export function samplesIn(text: string): Map<string, Record<string, string>[]> {
  const samples = new Map<string, Record<string, string>[]>();
  for (const line of text.split("\n")) {
    const [, metric, labels = ""] = /^([a-z_]+)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (metric === undefined) continue;
    const pairs = [...labels.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value]);
    samples.set(metric, [...(samples.get(metric) ?? []), Object.fromEntries(pairs) as Record<string, string>]);
  }
  return samples;
}
