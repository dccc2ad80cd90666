import { expect, test } from "bun:test";
import { failureOf } from "./errors.ts";

const errorOf = (code: string) => Object.assign(new Error("secret"), { code });

test.each([
  "ECONNREFUSED",
  "CONNECT_TIMEOUT",
  "57P01",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "CERT_HAS_EXPIRED",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "ERR_SSL_WRONG_VERSION_NUMBER",
])("a database whose connection ends with %s cannot be reached at the moment", (code) => {
  expect(failureOf(errorOf(code))).toEqual({
    status: 503,
    message: "the database cannot be reached at the moment",
  });
});

test.each(["42601", "23505", "ERR_INVALID_ARG_TYPE", ""])("%p is an error of the server, without details", (code) => {
  expect(failureOf(errorOf(code))).toEqual({ status: 500, message: "something went wrong on the server" });
});
