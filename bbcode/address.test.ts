import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { readAddress } from "./address.ts";
import { naiveAddress } from "./testing/naive-parse.ts";
import { cpuOf } from "./testing/cpu.ts";

const forum = "http://forum.example";
const read = (typed: string) => readAddress(typed, forum);

describe("addresses that are links", () => {
  test.each([
    ["as typed", "http://example.org/a?b=c#d", "http://example.org/a?b=c#d", "example.org"],
    ["https and ftp", "ftp://example.org/x", "ftp://example.org/x", "example.org"],
    ["an upper-case scheme is kept", "HTTP://Example.ORG/Weg", "HTTP://Example.ORG/Weg", "example.org"],
    ["trimmed", " \t\n http://example.org/ \u00a0", "http://example.org/", "example.org"],
    ["quotation marks removed", '"http://example.org/"', "http://example.org/", "example.org"],
    ["single quotes, and white space inside", `' "http://example.org/" '`, "http://example.org/", "example.org"],
    ["an unbalanced quotation mark", `http://example.org/"`, "http://example.org/", "example.org"],
    [
      "relative to the forum's host",
      "/bb/thread.php?TID=7",
      "http://forum.example/bb/thread.php?TID=7",
      "forum.example",
    ],
    ["relative to its /bb/", "./thread.php?TID=7", "http://forum.example/bb/thread.php?TID=7", "forum.example"],
    ["without a scheme, with slashes", "//example.org/x", "http://example.org/x", "example.org"],
    ["without a scheme", "www.example.org", "http://www.example.org", "www.example.org"],
    ["without a scheme, a word", "irgendwo", "http://irgendwo", "irgendwo"],
    ["host and port", "example.org:8080/x", "http://example.org:8080/x", "example.org:8080"],
    ["host and port, end of text", "192.0.2.7:80", "http://192.0.2.7:80", "192.0.2.7:80"],
    ["host and port, then a query", "example.org:80?x", "http://example.org:80?x", "example.org:80"],
    ["host and port, not ASCII", "Bücher.example:8080", "http://Bücher.example:8080", "bücher.example:8080"],
    ["a colon in the path is no scheme", "example.org/a:b", "http://example.org/a:b", "example.org"],
    ["default ports are kept", "https://example.org:443/", "https://example.org:443/", "example.org:443"],
    ["highest port", "http://example.org:65535", "http://example.org:65535", "example.org:65535"],
    ["ports are not normalized", "http://example.org:080/", "http://example.org:080/", "example.org:080"],
    ["empty port", "http://example.org:/x", "http://example.org:/x", "example.org"],
    [
      "credentials are removed from the domain",
      "ftp://anna:ge%40heim@example.org/x",
      "ftp://anna:ge%40heim@example.org/x",
      "example.org",
    ],
    ["user with @ and port", "http://a@b:c@example.org:81", "http://a@b:c@example.org:81", "example.org:81"],
    ["not converted to punycode", "http://MÜLLER.example/", "http://MÜLLER.example/", "müller.example"],
    ["punycode not decoded", "http://xn--mller-kva.example/", "http://xn--mller-kva.example/", "xn--mller-kva.example"],
    ["nothing normalized", "http://example.org/a/../b//%7e c", "http://example.org/a/../b//%7e c", "example.org"],
    ["trailing dots and ports are kept", "http://example.org.:80/ ", "http://example.org.:80/", "example.org.:80"],
    ["0x7f is not converted", "http://0x7f.1/", "http://0x7f.1/", "0x7f.1"],
    ["underscores", "http://a_b.example/", "http://a_b.example/", "a_b.example"],
    ["IPv6", "http://[2001:DB8::1]/", "http://[2001:DB8::1]/", "[2001:db8::1]"],
    ["IPv6 and port", "http://[::1]:8080/x", "http://[::1]:8080/x", "[::1]:8080"],
    ["query right after the host", "http://example.org?x@y", "http://example.org?x@y", "example.org"],
    ["fragment right after the host", "http://example.org#/x", "http://example.org#/x", "example.org"],
    [
      "character references are kept",
      "http://example.org/?a=1&amp;b=&#228;",
      "http://example.org/?a=1&amp;b=&#228;",
      "example.org",
    ],
    ["raw Latin-1 characters are kept", "http://example.org/½", "http://example.org/½", "example.org"],
    ["brackets in the path", "http://example.org/[x]", "http://example.org/[x]", "example.org"],
  ])("%s", (_name, typed, url, domain) => {
    expect(read(typed)).toEqual({ url, domain });
  });
});

describe("addresses that are not links", () => {
  test.each([
    ["empty", ""],
    ["white space", " \n "],
    ["quotation marks", `""`],
    ["data", "data:image/png;base64,AAAA"],
    ["upper-case data", "DATA:image/png;base64,AAAA"],
    ["mail", "mailto:anna@example.org"],
    ["script", "javascript:alert(1)"],
    ["another scheme with slashes", "irc://irc.example.org/bb"],
    ["a word and a port is a scheme", "localhost:8080/x"],
    ["a dotted name without digits is a scheme", "foo.bar:baz"],
    ["digits followed by letters are no port", "example.org:80a"],
    ["user without scheme", "anna:geheim@example.org"],
    ["a word with an underscore", "mein_rechner:80"],
  ])("%s", (_name, typed) => {
    expect(read(typed)).toBe("none");
  });
});

describe("addresses that cannot be parsed", () => {
  test.each([
    ["no slashes", "http:example.org"],
    ["one slash", "http:/example.org"],
    ["no host", "http://"],
    ["no host, a path", "http:///x"],
    ["no host, a port", "http://:80/"],
    ["user only", "http://anna@/x"],
    ["only a query", "?x"],
    ["port too high", "http://example.org:65536/"],
    ["port far too high", "http://example.org:99999999999999999999/"],
    ["port not a number", "http://example.org:8o/"],
    ["port negative", "http://example.org:-1/"],
    ["white space in host", "http://example org/"],
    ["no-break space in host", "http://example\u00a0.org/"],
    ["control character in host", "http://example\u0001.org/"],
    ["DEL in host", "http://example\u007f.org/"],
    ["C1 control in host", "http://example\u0085.org/"],
    ...[..."<>[]\\^|%"].map((character) => [`${character} in host`, `http://ex${character}ample.org/`]),
    ["IPv6 unclosed", "http://[::1/"],
    ["IPv6 with a zone", "http://[fe80::1%eth0]/"],
    ["text after IPv6", "http://[::1]x/"],
    ["not hexadecimal", "http://[::g]/"],
    ["sentence", "siehe oben"],
  ])("%s", (_name, typed) => {
    expect(read(typed)).toBe("unparsable");
  });
});

describe("stored addresses are truncated to 300 characters", () => {
  test("at the limit: 299, 300 and 301 characters", () => {
    for (const length of [299, 300, 301]) {
      const typed = `http://example.org/${"x".repeat(length - 19)}`;
      expect(read(typed)).toEqual({ url: typed.slice(0, 300), domain: "example.org" });
    }
  });

  test("characters are code points and never split", () => {
    const typed = `http://example.org/${"😀".repeat(400)}`;
    expect(read(typed)).toEqual({ url: `http://example.org/${"😀".repeat(281)}`, domain: "example.org" });
  });

  test("truncation follows trimming and adding the scheme", () => {
    const typed = `"/${"x".repeat(299)}"`;
    expect(read(typed)).toEqual({ url: `http://forum.example/${"x".repeat(279)}`, domain: "forum.example" });
  });

  test("the domain is read before truncation", () => {
    const host = `${"lang.".repeat(65)}example`;
    expect(read(`http://${host}/x`)).toEqual({ url: `http://${host}`.slice(0, 300), domain: host });
    const user = "u".repeat(500);
    expect(read(`http://${user}@example.org/`)).toEqual({ url: `http://${user}`.slice(0, 300), domain: "example.org" });
  });

  test("a port beyond the limit is still checked", () => {
    const user = "u".repeat(300);
    expect(read(`http://${user}@example.org:65536/`)).toBe("unparsable");
  });

  test("a host too long for an index row is unparsable", () => {
    expect(read(`http://${"ä".repeat(401)}/`)).toBe("unparsable");
    expect(read(`http://example.org:${"0".repeat(401)}80/`)).toBe("unparsable");
    expect(read(`http://${"x".repeat(5000)}@example.org/`)).toBe("unparsable");
  });
});

test("equals the naive implementation", () => {
  const parts = [
    ..."abÄß0 9.:/@?#[]%\"'\\-_+\t\u00a0\u0007😀",
    "http:",
    "HTTPS:",
    "ftp:",
    "data:",
    "//",
    "./",
    "example.org",
    ":80",
    ":65535",
    ":65536",
    "[::1]",
    "user:pass@",
    "&#228;",
    "w.w",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 12 }), fc.boolean(), (typed, long) => {
      const address = typed.join("") + (long ? `/x/${"ü😀".repeat(200)}` : "");
      expect(read(address)).toEqual(naiveAddress(address, forum));
    }),
    { numRuns: 5000, seed: 4 },
  );
});

test("hostile 1 MB addresses are parsed in linear time", () => {
  const gaps = `a${" ".repeat(1_000_000)}b`;
  for (const hostile of [
    gaps,
    "a.".repeat(500_000),
    "a".repeat(1_000_000),
    `http://${"@".repeat(1_000_000)}`,
    " ".repeat(1_000_000),
    `a.b:${"1".repeat(1_000_000)}`,
  ]) {
    expect(cpuOf(() => read(hostile))).toBeLessThan(500);
  }
});
