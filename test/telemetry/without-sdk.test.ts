// Where no SDK is registered.

import { call, mailbox } from "muove";
import { expect, test } from "vitest";
import { z } from "zod";
import { openBus, pair, untilOpen } from "../conformance/support/buses.js";
import { plainClient, withHeaders } from "../conformance/support/plain.js";
import { pricing } from "../conformance/support/pricing.js";
import { onEveryBroker } from "../support/brokers.js";

const shop = mailbox("shop", { order: call({ output: z.string(), timeout: 5_000 }) });

onEveryBroker((kind) => {
  test("a trace and its baggage go on as they came, in whatever is sent by ctx, and in nothing else", async () => {
    const broker = await kind.start();
    const { service } = await pair(broker);
    const front = openBus(broker, { service: "shop" });
    front.serve(shop, {
      async order(_, ctx) {
        await ctx.to(pricing).ping();
        await front.to(pricing).count();
        return "done";
      },
    });
    await untilOpen(front);
    const client = await plainClient(broker);
    const seen = new Map<string, (string | undefined)[]>();
    const names = ["traceparent", "tracestate", "baggage"];
    client.subscribe("muove.pricing.*", {
      callback(_, msg) {
        seen.set(
          msg.subject,
          names.map((name) => msg.headers?.get(name)),
        );
      },
    });
    await client.flush();
    const came = {
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      tracestate: "vendor=a",
      baggage: "tenant=7",
    };
    await client.request("muove.shop.order", "", { timeout: 5_000, ...withHeaders(came) });
    await client.flush();
    expect(service.status.counts.received).toBe(2);
    expect(seen.get("muove.pricing.ping")).toEqual(Object.values(came));
    expect(seen.get("muove.pricing.count")).toEqual(["", "", ""]);
  });
});
