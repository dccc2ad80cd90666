import { expect, test } from "bun:test";
import { clientOf, isLocal } from "./client.ts";

const requestWith = (headers: Record<string, string> = {}) => new Request("http://stats.example/", { headers });
const from = (address?: string) => ({ address: () => address });
const forwarded = (list: string, proxies = 1) =>
  clientOf(requestWith({ "X-Forwarded-For": list }), from("10.0.0.1"), proxies).key;

test("without trusted proxies, headers are ignored", () => {
  const spoofed = requestWith({ "X-Forwarded-For": "1.2.3.4", Forwarded: "for=1.2.3.4", "X-Real-IP": "1.2.3.4" });
  expect(clientOf(spoofed, from("10.0.0.1"), 0)).toEqual({ key: "10.0.0.1" });
  expect(clientOf(requestWith(), from(undefined), 0)).toEqual({ key: "unknown" });
  expect(clientOf(requestWith(), {}, 0)).toEqual({ key: "unknown" });
});

test("behind n proxies, the client is the n-th address from the right; addresses that the client itself sent are ignored", () => {
  expect(forwarded("6.6.6.6, 1.2.3.4")).toBe("1.2.3.4");
  expect(forwarded("6.6.6.6, 1.2.3.4, 10.0.0.2", 2)).toBe("1.2.3.4");
  expect(forwarded("1.2.3.4", 2)).toBe("1.2.3.4");
  expect(clientOf(requestWith(), from("10.0.0.1"), 1).key).toBe("10.0.0.1");
  expect(clientOf(requestWith({ Forwarded: "for=1.2.3.4" }), from("10.0.0.1"), 1).key).toBe("10.0.0.1");
  for (const nonsense of ["", ",", "x".repeat(8000), "1.2.3.4.5", "1.2.3.999", "[::1", ":::", ",".repeat(8000)])
    expect([nonsense, forwarded(nonsense)]).toEqual([nonsense, "10.0.0.1"]);
});

test("a client has one key for every spelling of its address, with any port", () => {
  for (const spelling of [
    "203.0.113.8",
    "203.0.113.8:4001",
    "203.0.113.8:",
    "::ffff:203.0.113.8",
    "::FFFF:cb00:7108",
    "[::ffff:203.0.113.8]:4001",
    "0:0:0:0:0:ffff:203.0.113.8",
    "64:ff9b::203.0.113.8",
  ])
    expect([spelling, forwarded(spelling)]).toEqual([spelling, "203.0.113.8"]);
  for (const spelling of [
    "2001:db8:0:7::6",
    "2001:DB8::7:0:0:0:6",
    "2001:0db8:0000:0007:ffff:ffff:ffff:ffff",
    "[2001:db8:0:7::6]",
    "[2001:db8:0:7::6]:4001",
    "2001:db8:0:7::6%eth0",
    "[2001:db8:0:7::6%25eth0]:80",
    "2001:db8:0:7::203.0.113.8",
  ])
    expect([spelling, forwarded(spelling)]).toEqual([spelling, "2001:db8:0:7/64"]);
});

test("an IPv6 client belongs to a /48 network, which contains 65,536 clients", () => {
  const client = (address: string) => clientOf(requestWith(), from(address), 0);
  expect(client("2001:db8:a:1::6")).toEqual({ key: "2001:db8:a:1/64", network: "2001:db8:a/48" });
  expect(client("2001:db8:a:ffff::6")).toEqual({ key: "2001:db8:a:ffff/64", network: "2001:db8:a/48" });
  expect(client("::1")).toEqual({ key: "0:0:0:0/64", network: "0:0:0/48" });
});

test("a request from this machine is local, unless a proxy forwarded it", () => {
  for (const address of ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"]) {
    expect(isLocal(requestWith(), from(address))).toBe(true);
    for (const header of ["X-Forwarded-For", "Forwarded"])
      expect(isLocal(requestWith({ [header]: "1.2.3.4" }), from(address))).toBe(false);
  }
  for (const address of ["10.0.0.1", "1270.0.0.1", "::2", "", undefined])
    expect(isLocal(requestWith(), from(address))).toBe(false);
  expect(isLocal(requestWith(), {})).toBe(false);
});
