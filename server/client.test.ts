import { expect, test } from "bun:test";
import { clientAddress, clientKey, isLocal } from "./client.ts";

const asking = (forwarded?: string) =>
  new Request("http://stats.example/", forwarded === undefined ? {} : { headers: { "X-Forwarded-For": forwarded } });
const from = (address?: string) => ({ address: () => address });

test("without trusted proxies nobody's word counts", () => {
  expect(clientAddress(asking("1.2.3.4"), from("10.0.0.1"), 0)).toBe("10.0.0.1");
  expect(clientAddress(asking(), from(undefined), 0)).toBe("unknown");
  expect(clientAddress(asking(), {}, 0)).toBe("unknown");
});

test("with n proxies the n-th address from the right is the client; what it wrote itself is ignored", () => {
  expect(clientAddress(asking("6.6.6.6, 1.2.3.4"), from("10.0.0.1"), 1)).toBe("1.2.3.4");
  expect(clientAddress(asking("6.6.6.6, 1.2.3.4, 10.0.0.2"), from("10.0.0.1"), 2)).toBe("1.2.3.4");
  expect(clientAddress(asking("1.2.3.4"), from("10.0.0.1"), 2)).toBe("1.2.3.4");
  expect(clientAddress(asking(), from("10.0.0.1"), 1)).toBe("10.0.0.1");
  expect(clientAddress(asking("x".repeat(9999)), from("10.0.0.1"), 1)).toHaveLength(64);
});

test("an IPv6 client is its network", () => {
  expect(clientKey("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2");
  expect(clientKey("2001:db8::6")).toBe("2001:db8:0:0");
  expect(clientKey("::1")).toBe("0:0:0:0");
  expect(clientKey("1.2.3.4")).toBe("1.2.3.4");
  expect(clientKey("::ffff:1.2.3.4")).toBe("1.2.3.4");
  expect(clientKey("nonsense")).toBe("nonsense");
});

test("local is what comes from this machine, and not through a proxy on it", () => {
  for (const address of ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"]) {
    expect(isLocal(asking(), from(address))).toBe(true);
    expect(isLocal(asking("1.2.3.4"), from(address))).toBe(false);
  }
  for (const address of ["10.0.0.1", "1270.0.0.1", "::2", "", undefined])
    expect(isLocal(asking(), from(address))).toBe(false);
  expect(isLocal(asking(), {})).toBe(false);
});
