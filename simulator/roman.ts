const numerals = [
  [1000, "M"],
  [900, "CM"],
  [500, "D"],
  [400, "CD"],
  [100, "C"],
  [90, "XC"],
  [50, "L"],
  [40, "XL"],
  [10, "X"],
  [9, "IX"],
  [5, "V"],
  [4, "IV"],
  [1, "I"],
] as const;

/** A Roman numeral. Collective threads are numbered with them. */
export function roman(number: number): string {
  let text = "";
  let rest = number;
  for (const [value, letters] of numerals) {
    while (rest >= value) {
      text += letters;
      rest -= value;
    }
  }
  return text;
}
