// A service for the kit's own tests.

import { answer } from "@muove/testkit/child";
import { connect } from "muove";
import { pricing } from "./pricing-contract.mjs";

const bus = connect({ service: "pricing", servers: process.env.NATS_URL });
bus.serve(pricing, { quote: ({ sku }) => sku.length });
process.on("SIGTERM", async () => {
  await bus.close();
  process.exit(7);
});

answer({
  status: () => bus.status.connection.state,
  echo: (/** @type {unknown[]} */ ...args) => args,
  fail: () => {
    throw new Error("no such luck");
  },
});
process.on("message", (message) => {
  if (message === "hello") process.send?.("hello yourself");
});
