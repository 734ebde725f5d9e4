import { connect } from "muove";
import { expect } from "vitest";
import { worker } from "../services/contract.js";
import { connected } from "./support/bus.js";
import { failure } from "./support/failure.js";

failure("F2", "a call to a target that was never started is absent", async ({ nats, figure }) => {
  const { url } = await nats();
  await using bus = connect({ service: "caller", servers: url, logger: false });
  await connected(bus);
  await bus.to(worker).echo({ text: "warm" });

  const start = performance.now();
  const outcome = await bus.to(worker).echo({ text: "hello" });
  figure("until absent", performance.now() - start);

  expect(outcome).toMatchObject({ status: "unavailable", reason: "absent", delivered: "no" });
  expect(performance.now() - start).toBeLessThan(100);
});
