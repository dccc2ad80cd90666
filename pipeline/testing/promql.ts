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

export interface Sample {
  metric: string;
  labels: Record<string, string>;
  value: number;
}

/** Reads Prometheus's text format. */
export function readSamples(text: string): Sample[] {
  return text.split("\n").flatMap((line) => {
    const [, metric, labels = "", value] = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (metric === undefined) return [];
    const pairs = [...labels.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, name = "", own = ""]) => [name, own]);
    return { metric, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) };
  });
}

/** Each metric's samples, as their labels. */
export function samplesIn(text: string): Map<string, Record<string, string>[]> {
  const groups = Map.groupBy(readSamples(text), ({ metric }) => metric);
  return new Map([...groups].map(([metric, samples]) => [metric, samples.map(({ labels }) => labels)]));
}
