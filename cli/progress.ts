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
