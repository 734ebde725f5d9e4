// #region faults
import { eventually, testkit } from "@muove/testkit";
import { connect } from "muove";
import { afterAll, expect, test } from "vitest";
import { level } from "./call.js";
import { serveStock } from "./serve.js";

const kit = testkit();
const nats = await kit.nats(); // The embedded broker in a process of its own; or { on: "nats-server" }.
const service = connect({ service: "stock", servers: nats.url, logger: false });
const caller = connect({ service: "shop", servers: nats.url, logger: false });
serveStock(service);

afterAll(async () => {
  await Promise.all([caller.close(), service.close()]);
  await kit.close();
});

test("the shop shows the last known stock while NATS is away, and the real one when it is back", async () => {
  await eventually(async () => (await level(caller, "tea")) === "5");
  await nats.kill();
  expect(await level(caller, "tea")).toBe("5? (unreachable, last-known)");
  await nats.start();
  await eventually(async () => (await level(caller, "tea")) === "5");
});
// #endregion
