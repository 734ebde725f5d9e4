// Without a registered SDK.

import { expect, test } from "vitest";
import { pair } from "../conformance/support/buses.js";
import { plainClient, withHeaders } from "../conformance/support/plain.js";
import { describeOnEachBroker } from "../support/brokers.js";
import { openShop } from "./support/shop.js";

describeOnEachBroker((kind) => {
  test("a trace and its baggage are passed on unchanged by ctx.to, and not by bus.to", async () => {
    const broker = await kind.start();
    const { service } = await pair(broker);
    await openShop(broker);
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
