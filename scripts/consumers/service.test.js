// Under Jest: see the guide.
import { startBroker } from "@muove/broker";
import { call, connect, isMuoveError, mailbox } from "muove";
import { z } from "zod";

const clock = mailbox("clock", { at: call({ input: z.date(), output: z.object({ at: z.date(), bytes: z.any() }) }) });

test("a service and a caller, with dates and bytes of Jest's own realm", async () => {
  const broker = await startBroker({ port: 0 });
  const bus = connect({ service: "clock", servers: broker.url, logger: false });
  bus.serve(clock, { at: (at) => ({ at, bytes: new Uint8Array([1, 2]) }) });
  await new Promise((resolve) => bus.on("connected", resolve));
  const at = new Date(0);
  let outcome;
  do
    outcome = await bus
      .to(clock)
      .at(at)
      .orElse(async () => ({ at, bytes: 0 }));
  while (outcome.status !== "ok");
  expect(outcome.value.at.getTime()).toBe(0);
  expect([...outcome.value.bytes]).toEqual([1, 2]);
  expect(() => bus.to(clock).at(1)).toThrow(expect.objectContaining({ code: "MUOVE_INVALID_INPUT" }));
  expect(isMuoveError(new Error("no"))).toBe(false);
  await bus.close();
  await broker.close();
});
