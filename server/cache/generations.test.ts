import { expect, test } from "bun:test";
import type { Sql } from "@potstats/db/connect";
import { settle } from "@potstats/cli/testing/settle";
import { BrokenCircuitError } from "cockatiel";
import { createGenerations } from "./generations.ts";

/** A database whose queries fail in turn, until none of the errors is left. */
function failing(...errors: Error[]): Sql {
  const query = async () => {
    const error = errors.shift();
    if (error) throw error;
    return [{ generation: "g" }];
  };
  return query as unknown as Sql;
}

const broken = () => Object.assign(new Error("closed"), { code: "CONNECTION_CLOSED" });

test("a replica that is lost makes no read fail, whichever query notices it first", async () => {
  expect(await createGenerations(failing(broken())).read()).toBe("g");
  expect(await createGenerations(failing(new BrokenCircuitError(), broken())).read()).toBe("g");
});

test("a database that stays away is an error, and so is any other failure at once", async () => {
  const lost = createGenerations(failing(broken(), broken(), broken()));
  expect(await settle(lost.read())).toThrow("closed");
  const refused = createGenerations(failing(new Error("permission denied")));
  expect(await settle(refused.read())).toThrow("permission denied");
});
