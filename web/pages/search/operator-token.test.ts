import { expect, test } from "bun:test";
import { hasOperatorAt } from "./operator-token.ts";

test("operators are completed at the caret, and words are not", () => {
  const cases: [typed: string, isCompleted: boolean][] = [
    ["user:|", true],
    ["user:kup|", true],
    ["kuchen user:kup|", true],
    ["kuchen USER:kup|", true],
    ['user:"rote gr|', true],
    ["us|", true],
    ["kuchen boa|", true],
    ["us|er:kupfer", true],
    ["user:kup| kuchen", true],
    ["u|", false],
    ["|user:kup", false],
    ["user:kup |", false],
    ['user:"rote grütze" |', false],
    ["kuchen|", false],
    ["thread:12|", false],
    ["-user:kup|", false],
    ["users|", false],
    ["", false],
  ];
  for (const [typed, isCompleted] of cases)
    expect([typed, hasOperatorAt(typed.replace("|", ""), typed.indexOf("|"))]).toEqual([typed, isCompleted]);
});
