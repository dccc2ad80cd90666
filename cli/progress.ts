/** How a stage says what it is doing. Stages get a Progress and never know whether a terminal, a log or nobody reads it. */

export interface Phase {
  /** Counts `n` more units done. */
  add(n?: number): void;
  /** Sets how many units there will be, when that becomes known. */
  total(n: number): void;
  /** Shows a short text beside the bar, e.g. the thread being read. */
  detail(text: string): void;
  /** Ends the phase; `text` tells the outcome. */
  done(text?: string): void;
}

/** What went over the wire so far. */
export interface Traffic {
  num_api_requests: number;
  retries: number;
  rx_bytes: number;
}

export interface Progress {
  /** Begins a phase; `unit` names what is counted ("posts"). With `traffic`, what the phase has added to it is shown too. */
  phase(name: string, options?: { unit?: string; total?: number; traffic?: Traffic }): Phase;
  /** Says something worth keeping, above the live view. */
  note(message: string): void;
}

/** Nobody listens: for tests and for stages run by others. */
export const silent: Progress = {
  phase: () => ({ add() {}, total() {}, detail() {}, done() {} }),
  note() {},
};

/** Where progress goes: standard error, or anything alike in a test. */
export interface Stream {
  write(text: string): unknown;
  isTTY?: boolean | undefined;
  columns?: number | undefined;
}

interface State {
  name: string;
  unit: string;
  count: number;
  total: number | undefined;
  detail: string;
  outcome: string | undefined;
  started_ms: number;
  ended_ms: number | undefined;
  /** Counts on, from what stood there when the phase began. */
  traffic: { now: Traffic; before: Traffic } | undefined;
}

/** Milliseconds between two looks at the phases: on a terminal, and in a log. */
const interval_ms = { live: 100, plain: 5000, json: 1000 };

/**
 * Shows progress: a live view with a bar per phase on a terminal, plain lines elsewhere, one JSON object a line with
 * `json`. `close` ends it and gives the terminal back.
 */
export function openProgress(
  options: { json?: boolean; stream?: Stream; colors?: boolean } = {},
): Progress & { close(): void } {
  const stream = options.stream ?? (options.json ? process.stdout : process.stderr);
  const style = options.json ? "json" : stream.isTTY ? "live" : "plain";
  const paint =
    style === "live" && (options.colors ?? (options.stream === undefined && Bun.enableANSIColors)) ? painted : plain;
  const phases: State[] = [];
  let drawn = 0;
  let closed = false;
  let timer: ReturnType<typeof setInterval> | undefined;

  /** Takes the bars away (and the ^C that the terminal wrote in front), writes `text` in their place, and draws them again: in one write, so that nothing flickers. */
  const redraw = (text = "") => {
    const columns = stream.columns || 80;
    const bars = closed ? [] : phases.flatMap((phase) => barLines(phase, columns, paint).map((line) => `${line}\n`));
    const erase = drawn > 0 ? `\r\u001b[${drawn}A\u001b[J` : "";
    const kept = text === "" ? "" : `${Bun.wrapAnsi(text, columns, { hard: true })}\n`;
    if (erase || kept || bars.length > 0) stream.write(erase + kept + bars.join(""));
    drawn = bars.length;
  };
  const report = (phase: State) => {
    if (style === "json") stream.write(`${JSON.stringify(asJson(phase))}\n`);
    else if (style === "plain") stream.write(`${plainLine(phase)}\n`);
    else redraw(paint.outcome(plainLine(phase)));
  };
  const tick = () => {
    if (style === "live") redraw();
    else for (const phase of phases) report(phase);
  };
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
  };
  const end = (phase: State, outcome: string) => {
    if (phase.outcome !== undefined) return;
    phase.outcome = oneLine(outcome);
    phase.ended_ms = performance.now();
    phases.splice(phases.indexOf(phase), 1);
    if (!closed) report(phase);
    if (phases.length === 0) stop();
  };

  return {
    phase: (name, { unit = "", total, traffic } = {}) => {
      const state: State = {
        name,
        unit,
        count: 0,
        total,
        detail: "",
        outcome: undefined,
        started_ms: performance.now(),
        ended_ms: undefined,
        traffic: traffic && { now: traffic, before: { ...traffic } },
      };
      phases.push(state);
      if (!closed) {
        // Whoever forgets to end a phase must not keep the process from ending.
        timer ??= setInterval(tick, interval_ms[style]).unref();
        if (style === "live") redraw();
      }
      return {
        add: (n = 1) => void (state.count += n),
        total: (n) => void (state.total = n),
        detail: (text) => void (state.detail = oneLine(text)),
        done: (text = "") => end(state, text),
      };
    },
    note: (message) => {
      if (style === "json") stream.write(`${JSON.stringify({ note: message })}\n`);
      else {
        const text = message.split("\n").map(oneLine).join("\n");
        if (style === "live") redraw(text);
        else stream.write(`${text}\n`);
      }
    },
    close: () => {
      if (closed) return;
      closed = true;
      stop();
      if (style === "live") redraw();
    },
  };
}

/** Text that cannot steer a terminal or forge a line of a log: the forum's titles end up here. */
const oneLine = (text: string) => Bun.stripANSI(text).replaceAll(/[\p{Cc}\p{Bidi_Control}]+/gu, " ");

const seconds = (phase: State) => ((phase.ended_ms ?? performance.now()) - phase.started_ms) / 1000;
const number = new Intl.NumberFormat("en");
const slow = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

function counted(phase: State): string {
  if (phase.unit === "") return "";
  const total = phase.total === undefined ? "" : ` / ${number.format(phase.total)}`;
  return `${number.format(phase.count)}${total} ${phase.unit}`;
}

function rate(phase: State): string {
  const elapsed = seconds(phase);
  if (phase.unit === "" || phase.count === 0 || elapsed < 0.2) return "";
  const each_s = phase.count / elapsed;
  if (each_s < 0.1) return `${slow.format(each_s * 60)}/min`;
  return `${each_s < 9.95 ? slow.format(each_s) : number.format(Math.round(each_s))}/s`;
}

/** "3.0 s", "42 s", "2:05", "1:02:05". */
export function duration(elapsed_s: number): string {
  const whole = Math.round(elapsed_s);
  if (whole < 60) return `${elapsed_s < 9.95 ? elapsed_s.toFixed(1) : whole} s`;
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const padded = (n: number) => String(n).padStart(2, "0");
  return hours > 0 ? `${hours}:${padded(minutes)}:${padded(rest)}` : `${minutes}:${padded(rest)}`;
}

function remaining(phase: State): string {
  if (phase.total === undefined || phase.count === 0 || phase.count >= phase.total) return "";
  return `${duration((seconds(phase) / phase.count) * (phase.total - phase.count))} left`;
}

/** "812 kB", "3.4 MB". */
export function size(bytes: number): string {
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, "kB"] : bytes < 1e9 ? [bytes / 1e6, "MB"] : [bytes / 1e9, "GB"];
  return `${value < 9.95 ? slow.format(value) : number.format(Math.round(value))} ${unit}`;
}

/** What the phase has requested; null before its first request. */
function spent({ traffic }: State): Traffic | null {
  if (!traffic || traffic.now.num_api_requests === traffic.before.num_api_requests) return null;
  const since = (key: keyof Traffic) => traffic.now[key] - traffic.before[key];
  return { num_api_requests: since("num_api_requests"), retries: since("retries"), rx_bytes: since("rx_bytes") };
}

function requested(phase: State): string[] {
  const traffic = spent(phase);
  if (!traffic) return [];
  const { num_api_requests, retries, rx_bytes } = traffic;
  return [
    `${number.format(num_api_requests)} ${num_api_requests === 1 ? "request" : "requests"}`,
    ...(retries > 0 ? [`${number.format(retries)} ${retries === 1 ? "retry" : "retries"}`] : []),
    size(rx_bytes),
  ];
}

function plainLine(phase: State): string {
  const mark = phase.outcome === undefined ? "…" : "✓";
  const facts = [
    counted(phase),
    rate(phase),
    duration(seconds(phase)),
    ...requested(phase),
    phase.outcome ?? remaining(phase),
  ];
  return `${mark} ${phase.name}: ${facts.filter((fact) => fact !== "").join(", ")}`;
}

const plain = {
  bar: (text: string) => text,
  aside: (text: string) => text,
  outcome: (text: string) => text,
};

const painted: typeof plain = {
  bar: (text) => `\u001b[36m${text}\u001b[0m`,
  aside: (text) => `\u001b[2m${text}\u001b[0m`,
  outcome: (text) => text.replace(/^✓/, "\u001b[32m✓\u001b[0m"),
};

/** The bar of a phase, and below it what went over the wire, where there is room for the detail too. */
function barLines(phase: State, columns: number, paint: typeof plain): string[] {
  const width = Math.max(8, Math.min(30, Math.floor(columns / 5)));
  const filled = phase.total ? Math.round((Math.min(phase.count, phase.total) / phase.total) * width) : 0;
  const bar = paint.bar("█".repeat(filled)) + paint.aside("░".repeat(width - filled));
  const facts = [counted(phase), rate(phase), duration(seconds(phase)), remaining(phase)];
  const wire = requested(phase);
  const detail = phase.detail === "" ? [] : [paint.aside(phase.detail)];
  const aside = wire.length > 0 ? [...detail, ...wire.map(paint.aside)] : [];
  return [
    `${phase.name.padEnd(12)} ${bar} ${[...facts, ...(aside.length > 0 ? [] : detail)].filter((fact) => fact !== "").join("  ")}`,
    ...(aside.length > 0 ? [`${" ".repeat(13)}${aside.join("  ")}`] : []),
    // One column less: some terminals break a line that fills the last one.
  ].map((line) => Bun.sliceAnsi(line, 0, columns - 1));
}

function asJson(phase: State): object {
  return {
    phase: phase.name,
    count: phase.count,
    ...(phase.total === undefined ? {} : { total: phase.total }),
    ...(phase.unit === "" ? {} : { unit: phase.unit }),
    seconds: Number(seconds(phase).toFixed(1)),
    ...spent(phase),
    ...(phase.outcome === undefined ? {} : { done: true, outcome: phase.outcome }),
  };
}
