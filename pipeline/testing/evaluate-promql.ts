/** Evaluates the queries of our alert rules: the part of PromQL that they use, without extrapolation. */
import { parser } from "@prometheus-io/lezer-promql";
import type { Sample as Scraped } from "./promql.ts";

type Labels = Scraped["labels"];
type Sample = Pick<Scraped, "labels" | "value">;
/** What was scraped from all servers at one time. */
interface Scrape {
  time_s: number;
  samples: Scraped[];
}
type Node = ReturnType<typeof parser.parse>["topNode"];
/** A scalar, an instant vector, or the values of each series within a range. */
type Value = number | Sample[];
type Series = { labels: Labels; values: number[] }[];

const keyOf = (labels: Labels, names: string[] | null) =>
  JSON.stringify((names ?? Object.keys(labels).toSorted()).map((name) => [name, labels[name] ?? ""]));

/** Scrapes of an hour, every five minutes, in which each value grows evenly. */
export function hourBetween(before: Scraped[], now: Scraped[]): Scrape[] {
  const keyOfScraped = ({ metric, labels }: Scraped) => metric + keyOf(labels, null);
  const earlier = new Map(before.map((sample) => [keyOfScraped(sample), sample.value]));
  const now_s = Date.now() / 1000;
  return Array.from({ length: 13 }, (_, at) => ({
    time_s: now_s - (12 - at) * 300,
    samples: now.map((sample) => {
      const start = earlier.get(keyOfScraped(sample)) ?? sample.value;
      return { ...sample, value: start + ((sample.value - start) * at) / 12 };
    }),
  }));
}

/**
 * @param scrapes the last of which is the time of the evaluation
 * @returns the resulting samples
 * @throws Error if the query uses what is not supported
 */
export function evaluate(text: string, scrapes: Scrape[]): Sample[] {
  const value = new Evaluation(text, scrapes).value(onlyChild(parser.parse(text).topNode));
  if (typeof value === "number") throw new Error(`a scalar: ${text}`);
  return value;
}

const childrenOf = (node: Node): Node[] => {
  const children: Node[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
};
const onlyChild = (node: Node): Node => {
  const [child] = childrenOf(node);
  if (!child) throw new Error(`${node.name} is empty`);
  return child;
};

class Evaluation {
  private readonly latest: Scrape;

  constructor(
    private readonly text: string,
    private readonly scrapes: Scrape[],
  ) {
    const latest = scrapes.at(-1);
    if (!latest) throw new Error("nothing was scraped");
    this.latest = latest;
  }

  value(node: Node): Value {
    const { name } = node;
    if (name === "NumberDurationLiteral") return Number(this.own(node));
    if (name === "ParenExpr") return this.value(onlyChild(node));
    if (name === "VectorSelector") return this.select(node, this.latest);
    if (name === "AggregateExpr") return this.aggregate(node);
    if (name === "FunctionCall") return this.call(node);
    if (name === "BinaryExpr") return this.combine(node);
    throw new Error(`${name} is not supported: ${this.own(node)}`);
  }

  private own = (node: Node) => this.text.slice(node.from, node.to);

  private vector(node: Node | undefined): Sample[] {
    const value = node && this.value(node);
    if (!Array.isArray(value)) throw new Error(`not a vector: ${this.text}`);
    return value;
  }

  private select(node: Node, scrape: Scrape): Sample[] {
    const [, metric = "", list = ""] = /^([a-z_]+)(?:\{(.*)\})?$/.exec(this.own(node)) ?? [];
    const matchers = [...list.matchAll(/(\w+)\s*(=~|=)\s*"([^"]*)"/g)];
    return scrape.samples.filter(
      (sample) =>
        sample.metric === metric &&
        matchers.every(([, label = "", operator, wanted = ""]) => {
          const found = sample.labels[label] ?? "";
          return operator === "=" ? found === wanted : new RegExp(`^(?:${wanted})$`).test(found);
        }),
    );
  }

  /** The values of a range, such as `x[1h]`, by series. */
  private range(node: Node): { series: Series; seconds: number } {
    const [selector, duration] = childrenOf(node);
    const [, count, unit = ""] = (duration && /^(\d+)([mh])$/.exec(this.own(duration))) ?? [];
    if (!selector || !(unit === "m" || unit === "h")) throw new Error(`not a range: ${this.own(node)}`);
    const seconds = Number(count) * { m: 60, h: 3600 }[unit];
    const found = new Map<string, Series[number]>();
    for (const scrape of this.scrapes.filter(({ time_s }) => time_s >= this.latest.time_s - seconds)) {
      for (const { labels, value } of this.select(selector, scrape)) {
        const series = found.get(keyOf(labels, null)) ?? { labels, values: [] };
        series.values.push(value);
        found.set(keyOf(labels, null), series);
      }
    }
    return { series: [...found.values()], seconds };
  }

  private aggregate(node: Node): Sample[] {
    const children = childrenOf(node);
    const operation = this.own(onlyChild(node));
    const names = this.namesIn(children.find(({ name }) => name === "AggregateModifier"));
    const groups = Map.groupBy(this.vector(childrenOf(children.at(-1) ?? node)[0]), ({ labels }) =>
      keyOf(labels, names),
    );
    return [...groups.values()].map((samples) => {
      const values = samples.map(({ value }) => value);
      const [first] = samples;
      const labels = Object.fromEntries(names.map((name) => [name, first?.labels[name] ?? ""]));
      if (operation === "count") return { labels, value: values.length };
      if (operation === "max") return { labels, value: Math.max(...values) };
      if (operation === "sum") return { labels, value: values.reduce((sum, value) => sum + value, 0) };
      throw new Error(`${operation} is not supported`);
    });
  }

  /** The labels of `by (…)` or `on (…)`. */
  private namesIn(modifier: Node | undefined): string[] {
    if (!modifier) return [];
    const [, list] = /^(?:by|on)\s*\(([^)]*)\)$/.exec(this.own(modifier)) ?? [];
    if (list === undefined) throw new Error(`${this.own(modifier)} is not supported`);
    return list.match(/\w+/g) ?? [];
  }

  private call(node: Node): Value {
    const [identifier, body] = childrenOf(node);
    const name = identifier ? this.own(identifier) : "";
    const [first, second] = body ? childrenOf(body) : [];
    if (name === "time") return this.latest.time_s;
    if (name === "histogram_quantile" && first) return quantiles(Number(this.own(first)), this.vector(second));
    if (!first || !["increase", "rate", "changes"].includes(name)) throw new Error(`${name} is not supported`);
    const { series, seconds } = this.range(first);
    return series
      .filter(({ values }) => name === "changes" || values.length > 1)
      .map(({ labels, values }) => {
        const increase = (values.at(-1) ?? 0) - (values[0] ?? 0);
        const changes = values.filter((value, at) => at > 0 && value !== values[at - 1]).length;
        return { labels, value: name === "changes" ? changes : name === "rate" ? increase / seconds : increase };
      });
  }

  private combine(node: Node): Value {
    const [left, operator, ...rest] = childrenOf(node);
    const [modifier] = rest.filter(({ name }) => name === "MatchingModifierClause");
    const right = rest.at(-1);
    if (!left || !operator || !right) throw new Error(`incomplete: ${this.own(node)}`);
    const names = modifier ? this.namesIn(modifier) : null;
    const symbol = this.own(operator);
    const sides: [Value, Value] = [this.value(left), this.value(right)];
    return /^[a-z]/.test(symbol) ? combineSets(symbol, sides, names) : calculate(symbol, sides, names);
  }
}

function combineSets(symbol: string, [left, right]: [Value, Value], names: string[] | null): Sample[] {
  if (!Array.isArray(left) || !Array.isArray(right)) throw new Error(`${symbol} of a scalar`);
  const keysOf = (samples: Sample[]) => new Set(samples.map(({ labels }) => keyOf(labels, names)));
  const [ofLeft, ofRight] = [keysOf(left), keysOf(right)];
  const has = (keys: Set<string>) => (sample: Sample) => keys.has(keyOf(sample.labels, names));
  if (symbol === "and") return left.filter(has(ofRight));
  if (symbol === "unless") return left.filter((sample) => !has(ofRight)(sample));
  if (symbol === "or") return [...left, ...right.filter((sample) => !has(ofLeft)(sample))];
  throw new Error(`${symbol} is not supported`);
}

const arithmetic: Record<string, (a: number, b: number) => number> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
};
const comparisons: Record<string, (a: number, b: number) => boolean> = {
  "==": (a, b) => a === b,
  ">": (a, b) => a > b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">=": (a, b) => a >= b,
};

/** Arithmetic, and comparisons, which keep the samples that fulfil them. */
function calculate(symbol: string, [left, right]: [Value, Value], names: string[] | null): Value {
  const compute = arithmetic[symbol];
  const compare = comparisons[symbol];
  const pair = (labels: Labels, kept: number, a: number, b: number): Sample[] => {
    if (compute) return [{ labels, value: compute(a, b) }];
    if (compare) return compare(a, b) ? [{ labels, value: kept }] : [];
    throw new Error(`${symbol} is not supported`);
  };
  if (typeof left === "number") {
    if (typeof right !== "number") return right.flatMap(({ labels, value }) => pair(labels, value, left, value));
    if (!compute) throw new Error(`${symbol} of two scalars`);
    return compute(left, right);
  }
  if (typeof right === "number") return left.flatMap(({ labels, value }) => pair(labels, value, value, right));
  const others = new Map(right.map((sample) => [keyOf(sample.labels, names), sample.value]));
  return left.flatMap(({ labels, value }) => {
    const other = others.get(keyOf(labels, names));
    return other === undefined ? [] : pair(labels, value, value, other);
  });
}

/** The upper bound of the bucket that a quantile is in: no interpolation. */
function quantiles(quantile: number, buckets: Sample[]): Sample[] {
  const groups = Map.groupBy(buckets, ({ labels: { le: _, ...labels } }) => keyOf(labels, null));
  return [...groups.values()].map((group) => {
    const bounds = group
      .map(({ labels, value }) => ({ bound: labels["le"] === "+Inf" ? Infinity : Number(labels["le"]), value }))
      .toSorted((a, b) => a.bound - b.bound);
    const total = bounds.at(-1)?.value ?? 0;
    const { le: _, ...labels } = group[0]?.labels ?? {};
    const reached = total > 0 ? bounds.find(({ value }) => value >= quantile * total) : undefined;
    return { labels, value: reached?.bound ?? Number.NaN };
  });
}
