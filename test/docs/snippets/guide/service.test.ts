// #region testing
import { startBroker } from "@muove/broker";
import { connect } from "muove";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stock } from "./contract.js";
import { serveStock } from "./serve.js";

const broker = await startBroker({ port: 0 }); // Any free port: tests can run side by side.
const service = connect({ service: "stock", servers: broker.url, logger: false });
const caller = connect({ service: "test", servers: broker.url, logger: false });

beforeAll(async () => {
  serveStock(service);
  await Promise.all([service, caller].map((bus) => bus.connected()));
});

afterAll(async () => {
  await caller.close();
  await service.close();
  await broker.close();
});

test("what is not there cannot be reserved", async () => {
  const outcome = await caller.to(stock).reserve({ sku: "gold", pieces: 1 });
  expect(outcome).toMatchObject({ status: "failed", error: { code: "SOLD_OUT", data: { left: 0 } } });
});

test("without the service, callers know at once that nothing was done", async () => {
  await service.close();
  const outcome = await caller.to(stock).reserve({ sku: "tea", pieces: 1 });
  expect(outcome).toMatchObject({ status: "unavailable", reason: "absent", delivered: "no" });
});
// #endregion
