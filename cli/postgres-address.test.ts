import { describe, expect, test } from "bun:test";
import { AddressError, parsePostgresAddress, withoutPassword } from "./postgres-address.ts";

const read = (text: string) => {
  const { hosts, parameters, ...rest } = parsePostgresAddress(text);
  return {
    hosts: hosts.map(({ host, port }) => `${host}${port ? ` ${port}` : ""}`),
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    ...(parameters.size > 0 ? { parameters: Object.fromEntries(parameters) } : {}),
  };
};

describe("libpq's syntax", () => {
  test.each([
    [
      "postgres://pot:geheim@db.example:5433/forum",
      { hosts: ["db.example 5433"], user: "pot", password: "geheim", database: "forum" },
    ],
    ["postgresql://", { hosts: [""] }],
    ["postgres:///forum", { hosts: [""], database: "forum" }],
    ["postgres:///forum?host=/run/pg&port=5270&user=pot", { hosts: ["/run/pg 5270"], user: "pot", database: "forum" }],
    ["postgres://pot@%2Frun%2Fpg/forum", { hosts: ["/run/pg"], user: "pot", database: "forum" }],
    ["postgres://pot@%2frun%2fpg:5270/forum", { hosts: ["/run/pg 5270"], user: "pot", database: "forum" }],
    ["postgresql://pot@/forum?host=/run/pg", { hosts: ["/run/pg"], user: "pot", database: "forum" }],
    [
      "postgres://pot:p%40ss%2Fw%3Ao%25rd@h/forum",
      { hosts: ["h"], user: "pot", password: "p@ss/w:o%rd", database: "forum" },
    ],
    ["postgres://pot:p@ss:w#rd@h/forum", { hosts: ["h"], user: "pot", password: "p@ss:w#rd", database: "forum" }],
    ["postgres://u@[::1]:5433/x", { hosts: ["::1 5433"], user: "u", database: "x" }],
    ["postgres://a:1,b:2,c/x", { hosts: ["a 1", "b 2", "c"], database: "x" }],
    ["postgres://a,b/x?port=5433", { hosts: ["a 5433", "b 5433"], database: "x" }],
    ["postgres:///x?host=a,b&port=1,2", { hosts: ["a 1", "b 2"], database: "x" }],
    [
      "postgres://u@h/x?dbname=y&user=v&password=a+b%20c",
      { hosts: ["h"], user: "v", password: "a+b c", database: "y" },
    ],
    [
      "postgres://h/x?sslmode=require&options=-c%20work_mem%3D1MB",
      { hosts: ["h"], database: "x", parameters: { sslmode: "require", options: "-c work_mem=1MB" } },
    ],
  ])("%s", (text, parts) => {
    expect(read(text)).toEqual(parts as never);
  });
});

test.each([
  ["mysql://u:geheim@h/x", /starts with postgres:\/\//],
  ["host=h dbname=x password=geheim", /starts with postgres:\/\//],
  ["postgres:///x?service=geheim", /service files are not read/],
  ["postgres://h/x?hostaddr=1.2.3.4", /hostaddr/],
  ["postgres://h/x?sslmode=verify-full&sslrootcert=/ca.pem", /NODE_EXTRA_CA_CERTS/],
  ["postgres://u:ge/heim@h/x", /slash must be written as %2F/],
  ["postgres://u:ge?heim@h/x", /question mark as %3F/],
  ["postgres://u:100%geheim@h/x", /%25/],
  ["postgres://h:port/x", /whole number/],
  ["postgres://h:0/x", /whole number/],
  ["postgres://::1/x", /square brackets/],
  ["postgres://a,b,c/x?port=1,2", /as many ports/],
  ["postgres:///x?host=/run/pg,b", /Unix socket/],
  ["postgres:///x?host=@geheim", /abstract/],
])("rejects %s", (text, reason) => {
  expect(() => parsePostgresAddress(text)).toThrow(AddressError);
  expect(() => parsePostgresAddress(text)).toThrow(reason);
  expect(() => parsePostgresAddress(text)).not.toThrow(/geheim/);
});

test.each([
  ["postgres://u:geheim@h:5432/x?sslmode=require", "postgres://u:***@h:5432/x?sslmode=require"],
  ["postgres://u:ge@he:im@h/x", "postgres://u:***@h/x"],
  ["postgres:///x?host=/run/pg&password=geheim&user=u", "postgres:///x?host=/run/pg&password=***&user=u"],
  ["postgres://u@h/x", "postgres://u@h/x"],
])("masks the password in %s", (text, masked) => {
  expect(withoutPassword(text)).toBe(masked);
});
