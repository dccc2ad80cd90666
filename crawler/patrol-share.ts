/** The option `--patrol`: a share of an update pass's requests. */

/** The share by default. */
export const defaultPatrol = 0.05;

/** "5%" → 0.05, "0" → 0. @throws Error that says what is valid */
export function parseShare(text: string): number {
  const [, percent] = /^(\d{1,3}(?:\.\d+)?)%$/.exec(text.trim()) ?? [];
  const share = text.trim() === "0" ? 0 : Number(percent) / 100;
  if (!(share >= 0 && share <= 1)) throw new Error("must be a share of the requests, 0% to 100%, or 0");
  return share;
}
