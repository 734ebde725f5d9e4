// A service for the kit's own tests.

import { answer } from "@muove/testkit/child";
import { call, connect, mailbox } from "muove";
import { z } from "zod";

export const pricing = mailbox("pricing", {
  quote: call({ input: z.object({ sku: z.string() }), output: z.int(), timeout: 300 }),
});

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
