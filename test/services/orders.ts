import { answer } from "@muove/testkit/child";
import { connect, supervised } from "muove";
import { after, before } from "./versions-contract.js";

// One service, as it is before or after a deploy. VERSION: `before` or `after`.

const bus = connect({ service: "orders", servers: process.env.NATS_URL });

if (process.env.VERSION === "before") {
  bus.serve(before, {
    place: ({ sku }) => ({ id: sku }),
    fax: () => "sent",
    total: ({ cents }) => ({ cents }),
    count: () => ({ orders: 1 }),
  });
} else {
  bus.serve(after, {
    place: ({ sku, note }) => ({ id: sku, by: note ?? "nobody" }),
    track: ({ id }) => id,
    total: ({ euros }) => ({ cents: Number(euros) * 100 }),
    count: () => ({ orders: "one" }),
  });
}

answer({ status: () => bus.status });
supervised(bus);
