/** Lengths of test bodies and functions, derived from indentation, which the formatter guarantees. */

export interface Block {
  /** "path: title" of a test, "path: name" of a function. */
  name: string;
  kind: "test" | "function";
  /** From the line that opens it to the one that closes it. */
  lines: number;
}

const test = /^(?:test|it)(?:\.\w+)*\(/;
const named = /^(?:export )?(?:default )?(?:async )?function\*? (\w+)|^(?:export )?const (\w+)\b.*(?:=>|\() *\{$/;

/** The tests and named functions of a source file. A table of cases before the opening line does not count. */
export function blocksIn(path: string, source: string): Block[] {
  const lines = source.split("\n");
  return lines.flatMap((line, first): Block[] => {
    const code = line.trimStart();
    const indent = line.length - code.length;
    const title = /^(?:test|it)\b.*\("(.*?)"/.exec(code)?.[1] ?? /^\]+(?:.*)\)\("(.*?)"/.exec(code)?.[1];
    const [, declared, assigned] = named.exec(code) ?? [];
    const isTest = test.test(code) || /^\](?: as const)?\)\(/.test(code);
    const name = isTest ? title : (declared ?? assigned);
    if (name === undefined || !line.endsWith("{")) return [];
    const close = `${" ".repeat(indent)}}`;
    const last = lines.findIndex((other, at) => at > first && other.startsWith(close));
    return [{ name: `${path}: ${name}`, kind: isTest ? "test" : "function", lines: last - first + 1 }];
  });
}
