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

export interface Progress {
  /** Begins a phase; `unit` names what is counted ("posts"). */
  phase(name: string, options?: { unit?: string; total?: number }): Phase;
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
}

/** Milliseconds between two looks at the phases: on a terminal, and in a log. */
const interval_ms = { live: 100, plain: 5000, json: 1000 };

/**
 * Shows progress: a live view with a bar per phase on a terminal, plain lines elsewhere, one JSON object a line with
 * `json`. `close` ends it and gives the terminal back.
 */
export function openProgress(options: { json?: boolean; stream?: Stream } = {}): Progress & { close(): void } {
  const stream = options.stream ?? (options.json ? process.stdout : process.stderr);
  const style = options.json ? "json" : stream.isTTY ? "live" : "plain";
  const phases: State[] = [];
  let drawn = 0;
  let timer: ReturnType<typeof setInterval> | undefined;

  const erase = () => {
    if (drawn > 0) stream.write(`\u001b[${drawn}A\u001b[J`);
    drawn = 0;
  };
  const draw = () => {
    erase();
    const columns = stream.columns ?? 80;
    const open = phases.filter((phase) => phase.outcome === undefined);
    for (const phase of open) stream.write(`${barLine(phase, columns)}\n`);
    drawn = open.length;
  };
  const report = (phase: State) => {
    if (style === "json") stream.write(`${JSON.stringify(asJson(phase))}\n`);
    else if (style === "plain") stream.write(`${plainLine(phase)}\n`);
  };
  const tick = () => {
    if (style === "live") draw();
    else for (const phase of phases) if (phase.outcome === undefined) report(phase);
  };
  const end = (phase: State, outcome: string) => {
    if (phase.outcome !== undefined) return;
    phase.outcome = outcome;
    phase.ended_ms = performance.now();
    phases.splice(phases.indexOf(phase), 1);
    if (style === "live") {
      erase();
      stream.write(`${plainLine(phase).slice(0, stream.columns ?? 80)}\n`);
      draw();
    } else report(phase);
    if (phases.length === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };

  return {
    phase: (name, { unit = "", total } = {}) => {
      const state: State = {
        name,
        unit,
        count: 0,
        total,
        detail: "",
        outcome: undefined,
        started_ms: performance.now(),
        ended_ms: undefined,
      };
      phases.push(state);
      timer ??= setInterval(tick, interval_ms[style]);
      if (style === "live") draw();
      return {
        add: (n = 1) => void (state.count += n),
        total: (n) => void (state.total = n),
        detail: (text) => void (state.detail = text),
        done: (text = "") => end(state, text),
      };
    },
    note: (message) => {
      if (style === "json") stream.write(`${JSON.stringify({ note: message })}\n`);
      else {
        if (style === "live") erase();
        stream.write(`${message}\n`);
        if (style === "live") draw();
      }
    },
    close: () => {
      clearInterval(timer);
      if (style === "live") erase();
    },
  };
}

const seconds = (phase: State) => ((phase.ended_ms ?? performance.now()) - phase.started_ms) / 1000;
const number = new Intl.NumberFormat("en");

function counted(phase: State): string {
  if (phase.unit === "") return "";
  const total = phase.total === undefined ? "" : ` / ${number.format(phase.total)}`;
  return `${number.format(phase.count)}${total} ${phase.unit}`;
}

function rate(phase: State): string {
  const elapsed = seconds(phase);
  return phase.unit === "" || phase.count === 0 || elapsed < 0.2
    ? ""
    : `${number.format(Math.round(phase.count / elapsed))}/s`;
}

/** "3 s", "2:05", "1:02:05". */
export function duration(elapsed_s: number): string {
  const whole = Math.round(elapsed_s);
  if (whole < 60) return `${elapsed_s < 10 ? elapsed_s.toFixed(1) : whole} s`;
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const padded = (n: number) => String(n).padStart(2, "0");
  return hours > 0 ? `${hours}:${padded(minutes)}:${padded(rest)}` : `${minutes}:${padded(rest)}`;
}

function remaining(phase: State): string {
  if (phase.total === undefined || phase.count === 0 || phase.count >= phase.total) return "";
  return `${duration((seconds(phase) / phase.count) * (phase.total - phase.count))} left`;
}

function plainLine(phase: State): string {
  const mark = phase.outcome === undefined ? "…" : "✓";
  const facts = [counted(phase), rate(phase), duration(seconds(phase)), phase.outcome ?? remaining(phase)];
  return `${mark} ${phase.name}: ${facts.filter((fact) => fact !== "").join(", ")}`;
}

function barLine(phase: State, columns: number): string {
  const width = Math.max(8, Math.min(30, Math.floor(columns / 5)));
  const filled = phase.total ? Math.round((Math.min(phase.count, phase.total) / phase.total) * width) : 0;
  const bar = phase.total ? "█".repeat(filled) + "░".repeat(width - filled) : "░".repeat(width);
  const facts = [counted(phase), rate(phase), duration(seconds(phase)), remaining(phase), phase.detail];
  const line = `${phase.name.padEnd(12)} ${bar} ${facts.filter((fact) => fact !== "").join("  ")}`;
  return Array.from(line)
    .slice(0, columns - 1)
    .join("");
}

function asJson(phase: State): object {
  return {
    phase: phase.name,
    count: phase.count,
    ...(phase.total === undefined ? {} : { total: phase.total }),
    ...(phase.unit === "" ? {} : { unit: phase.unit }),
    seconds: Number(seconds(phase).toFixed(1)),
    ...(phase.outcome === undefined ? {} : { done: true, outcome: phase.outcome }),
  };
}
