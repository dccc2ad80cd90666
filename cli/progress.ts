/**
 * Progress reporting. A stage calls a `Progress`, whether its output goes to a terminal, to a log or nowhere.
 */

export interface Phase {
  /** Adds `n` completed units; 1 by default. */
  add(n?: number): void;
  /** Sets the total number of units, once it is known. */
  total(n: number): void;
  /** Shows a short text next to the bar, such as the thread being read. */
  detail(text: string): void;
  /** Ends the phase; `text` is the outcome. */
  done(text?: string): void;
}

/** Network traffic so far. */
export interface Traffic {
  num_api_requests: number;
  retries: number;
  rx_bytes: number;
}

export interface PhaseOptions {
  /** Names what is counted, such as "posts". */
  unit?: string;
  total?: number;
  /** Updated by the caller; its increase during the phase is shown as well. */
  traffic?: Traffic;
  /** What is shown instead of count, rate, times and traffic: the length of the bar, 0 to 1, and the text beside it. */
  view?: () => { share: number; facts: string[] };
}

export interface Progress {
  /** Starts a phase. */
  phase(name: string, options?: PhaseOptions): Phase;
  /** Prints a message that stays, above the live view. */
  note(message: string): void;
}

/** Prints nothing: for tests, and for stages that run inside others. */
export const silent: Progress = {
  phase: () => ({ add() {}, total() {}, detail() {}, done() {} }),
  note() {},
};

/** Where progress is written: a standard stream, or a stand-in in a test. */
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
  /** `now` is updated by the caller; `before` is a copy from the start of the phase. */
  traffic: { now: Traffic; before: Traffic } | undefined;
  view: PhaseOptions["view"];
}

/** Milliseconds between two updates, per style of output. */
const interval_ms = { live: 100, plain: 5000, json: 1000 };

/**
 * Shows progress: on a terminal as a live view with a bar per phase, elsewhere as plain lines, and with `json` as one
 * JSON object per line. `close` stops the updates and erases the bars.
 */
export function openProgress(
  options: { json?: boolean; stream?: Stream; colors?: boolean } = {},
): Progress & { close(): void } {
  const stream = options.stream ?? (options.json ? process.stdout : process.stderr);
  const style = options.json ? "json" : stream.isTTY ? "live" : "plain";
  const paint =
    style === "live" && (options.colors ?? (options.stream === undefined && Bun.enableANSIColors)) ? ansi : uncolored;
  const phases: State[] = [];
  let drawnLines = 0;
  let closed = false;
  let timer: ReturnType<typeof setInterval> | undefined;

  /**
   * Erases the bars (and the ^C that the terminal printed before them), prints `text` in their place, and redraws the
   * bars, in a single write to avoid flicker.
   */
  const redraw = (text = "") => {
    const columns = stream.columns || 80;
    const bars = closed ? [] : phases.flatMap((phase) => barLines(phase, columns, paint).map((line) => `${line}\n`));
    const erase = drawnLines > 0 ? `\r\u001b[${drawnLines}A\u001b[J` : "";
    const message = text === "" ? "" : `${Bun.wrapAnsi(text, columns, { hard: true })}\n`;
    if (erase || message || bars.length > 0) stream.write(erase + message + bars.join(""));
    drawnLines = bars.length;
  };
  const report = (phase: State) => {
    if (style === "json") stream.write(`${JSON.stringify(jsonOf(phase))}\n`);
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
    phase: (name, phaseOptions) => {
      const state = initialState(name, phaseOptions);
      phases.push(state);
      if (!closed) {
        // A phase that is never ended must not keep the process alive.
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

const initialState = (name: string, { unit = "", total, traffic, view }: PhaseOptions = {}): State => ({
  name,
  unit,
  count: 0,
  total,
  detail: "",
  outcome: undefined,
  started_ms: performance.now(),
  ended_ms: undefined,
  traffic: traffic && { now: traffic, before: { ...traffic } },
  view,
});

/** Removes what could control a terminal or forge a log line: titles from the forum are printed here. */
const oneLine = (text: string) => Bun.stripANSI(text).replaceAll(/[\p{Cc}\p{Bidi_Control}]+/gu, " ");

const elapsedSeconds = (phase: State) => ((phase.ended_ms ?? performance.now()) - phase.started_ms) / 1000;
const number = new Intl.NumberFormat("en");
const oneDecimal = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

function formatCount(phase: State): string {
  if (phase.unit === "") return "";
  const total = phase.total === undefined ? "" : ` / ${number.format(phase.total)}`;
  return `${number.format(phase.count)}${total} ${phase.unit}`;
}

function formatRate(phase: State): string {
  const elapsed = elapsedSeconds(phase);
  if (phase.unit === "" || phase.count === 0 || elapsed < 0.2) return "";
  const perSecond = phase.count / elapsed;
  if (perSecond < 0.1) return `${oneDecimal.format(perSecond * 60)}/min`;
  return `${perSecond < 9.95 ? oneDecimal.format(perSecond) : number.format(Math.round(perSecond))}/s`;
}

/** Formats seconds: "3.0 s", "42 s", "2:05", "1:02:05". */
export function duration(elapsed_s: number): string {
  const whole = Math.round(elapsed_s);
  if (whole < 60) return `${elapsed_s < 9.95 ? elapsed_s.toFixed(1) : whole} s`;
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const padded = (n: number) => String(n).padStart(2, "0");
  return hours > 0 ? `${hours}:${padded(minutes)}:${padded(rest)}` : `${minutes}:${padded(rest)}`;
}

function formatRemaining(phase: State): string {
  if (phase.total === undefined || phase.count === 0 || phase.count >= phase.total) return "";
  return `${duration((elapsedSeconds(phase) / phase.count) * (phase.total - phase.count))} left`;
}

/** Formats bytes: "812 kB", "3.4 MB". */
export function size(bytes: number): string {
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, "kB"] : bytes < 1e9 ? [bytes / 1e6, "MB"] : [bytes / 1e9, "GB"];
  return `${value < 9.95 ? oneDecimal.format(value) : number.format(Math.round(value))} ${unit}`;
}

/** Traffic since the start of the phase; null before its first request. */
function trafficOf({ traffic }: State): Traffic | null {
  if (!traffic || traffic.now.num_api_requests === traffic.before.num_api_requests) return null;
  const since = (key: keyof Traffic) => traffic.now[key] - traffic.before[key];
  return { num_api_requests: since("num_api_requests"), retries: since("retries"), rx_bytes: since("rx_bytes") };
}

function formatTraffic(phase: State): string[] {
  const traffic = trafficOf(phase);
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
  const view = phase.outcome === undefined ? phase.view?.() : undefined;
  const facts = view?.facts ?? [
    formatCount(phase),
    formatRate(phase),
    duration(elapsedSeconds(phase)),
    ...formatTraffic(phase),
    phase.outcome ?? formatRemaining(phase),
  ];
  return `${mark} ${phase.name}: ${facts.filter((fact) => fact !== "").join(", ")}`;
}

const uncolored = {
  bar: (text: string) => text,
  aside: (text: string) => text,
  outcome: (text: string) => text,
};

const ansi: typeof uncolored = {
  bar: (text) => `\u001b[36m${text}\u001b[0m`,
  aside: (text) => `\u001b[2m${text}\u001b[0m`,
  outcome: (text) => text.replace(/^✓/, "\u001b[32m✓\u001b[0m"),
};

/** A phase's bar. If there was traffic, a second line shows it, together with the detail. */
function barLines(phase: State, columns: number, paint: typeof uncolored): string[] {
  const width = Math.max(8, Math.min(30, Math.floor(columns / 5)));
  const view = phase.view?.();
  const share = view?.share ?? (phase.total ? Math.min(phase.count, phase.total) / phase.total : 0);
  const filled = Math.round(share * width);
  const bar = paint.bar("█".repeat(filled)) + paint.aside("░".repeat(width - filled));
  const facts = view?.facts ?? [
    formatCount(phase),
    formatRate(phase),
    duration(elapsedSeconds(phase)),
    formatRemaining(phase),
  ];
  const traffic = formatTraffic(phase);
  const detail = phase.detail === "" ? [] : [paint.aside(phase.detail)];
  const aside = traffic.length > 0 ? [...detail, ...traffic.map(paint.aside)] : [];
  return [
    `${phase.name.padEnd(12)} ${bar} ${[...facts, ...(aside.length > 0 ? [] : detail)].filter((fact) => fact !== "").join("  ")}`,
    ...(aside.length > 0 ? [`${" ".repeat(13)}${aside.join("  ")}`] : []),
    // One column narrower: some terminals wrap a line that fills the last column.
  ].map((line) => Bun.sliceAnsi(line, 0, columns - 1));
}

function jsonOf(phase: State): object {
  return {
    phase: phase.name,
    count: phase.count,
    ...(phase.total === undefined ? {} : { total: phase.total }),
    ...(phase.unit === "" ? {} : { unit: phase.unit }),
    seconds: Number(elapsedSeconds(phase).toFixed(1)),
    ...trafficOf(phase),
    ...(phase.outcome === undefined ? {} : { done: true, outcome: phase.outcome }),
  };
}
