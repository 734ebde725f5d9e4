import { expect, it } from "vitest";
import { BrokerError, isBrokerError } from "./errors.js";

it.each([
  "MUOVE_BROKER_INVALID_OPTIONS",
  "MUOVE_BROKER_PORT_IN_USE",
  "MUOVE_BROKER_CANNOT_LISTEN",
  "MUOVE_BROKER_CANNOT_STORE",
] as const)("%s is known by its code, whichever copy of the package threw it", (code) => {
  const cause = new Error("why");
  const error = new BrokerError(code, "what", { cause });
  expect(error).toMatchObject({ name: "BrokerError", code, message: "what", cause });
  expect(isBrokerError(error)).toBe(true);
  expect(isBrokerError(Object.assign(new Error("what"), { name: "BrokerError", code }))).toBe(true);
});

it.each([
  [new Error("x")],
  [Object.assign(new Error("x"), { name: "BrokerError", code: "OTHER" })],
  [{ name: "BrokerError" }],
  [undefined],
])("%s is not a BrokerError", (thrown) => {
  expect(isBrokerError(thrown)).toBe(false);
});
