// Contracts without Zod: any schema that follows Standard Schema will do.

import type { StandardSchemaV1 } from "@standard-schema/spec";
import { call, InvalidInput, mailbox } from "muove";
import { expect, expectTypeOf, test } from "vitest";
import { describeOnEachBroker } from "../support/brokers.js";
import { connected, openBus, untilOpen } from "./support/buses.js";

/** A schema written by hand, which turns a text into its length. */
const lengthOfText: StandardSchemaV1<string, number> = {
  "~standard": {
    version: 1,
    vendor: "by-hand",
    validate: (value) =>
      typeof value === "string" ? { value: value.length } : { issues: [{ message: "no text", path: [{ key: "at" }] }] },
  },
};

const positive: StandardSchemaV1<number> = {
  "~standard": {
    version: 1,
    vendor: "by-hand",
    validate: (value) =>
      typeof value === "number" && value > 0 ? { value } : { issues: [{ message: "not positive" }] },
  },
};

/** Asynchronous, which shows only when it is used. */
const asynchronous: StandardSchemaV1<string> = {
  "~standard": { version: 1, vendor: "by-hand", validate: async (value) => ({ value: value as string }) },
};

const measure = mailbox("measure", {
  length: call({ input: lengthOfText, output: positive, errors: { ZERO: positive }, timeout: 5_000 }),
  later: call({ input: asynchronous, timeout: 5_000 }),
  laterOn: call({ output: asynchronous, timeout: 5_000 }),
});

describeOnEachBroker((kind) => {
  async function measuring() {
    const broker = await kind.start();
    const [service, caller] = [openBus(broker, { service: "measure" }), await connected(broker)];
    service.serve(measure, {
      length: (length, ctx) => (length === 1 ? ctx.fail("ZERO", 1) : length),
      later: () => {},
      laterOn: () => "text",
    });
    await untilOpen(service);
    return caller.to(measure);
  }

  test("a schema of any library parses at both ends, and is typed", async () => {
    const client = await measuring();
    const outcome = await client.length("abc");
    expect(outcome).toMatchObject({ status: "ok", value: 3 });
    if (outcome.status === "ok") expectTypeOf(outcome.value).toEqualTypeOf<number>();
    expect(await client.length("a")).toMatchObject({ status: "failed", error: { code: "ZERO", data: 1 } });
    expect(await client.length("")).toMatchObject({ status: "faulty", reason: "crashed" });
  });

  test("its issues appear in InvalidInput", async () => {
    const client = await measuring();
    const mistake = () => client.length(1 as never);
    expect(mistake).toThrow(InvalidInput);
    expect(mistake).toThrow(/at: no text/);
  });

  test("an asynchronous schema is reported on first use, and no call waits for it", async () => {
    const client = await measuring();
    expect(() => client.later("a")).toThrow(/its schema is asynchronous/);
    expect(await client.laterOn()).toMatchObject({ status: "faulty", delivered: "yes" });
  });
});
