import { expect, test } from "bun:test";
import { hasOperatorAt, withoutLastToken } from "./operator-token.ts";

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

test("the last token is dropped together with its quotation marks", () => {
  const cases = [
    ["kuchen user:kup", "kuchen "],
    ['kuchen user:"rote gr', "kuchen "],
    ['"rote grütze" user:"kup"', '"rote grütze" '],
    ["kuchen user:kup ", "kuchen "],
    ["user:kup", ""],
  ] as const;
  for (const [typed, rest] of cases) expect([typed, withoutLastToken(typed)]).toEqual([typed, rest]);
});
