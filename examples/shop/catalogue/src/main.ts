import { catalogue } from "@shop/contracts";
import { answerProbes } from "@shop/health";
import { connect, supervised } from "muove";
import { products } from "./products.js";

const bus = connect({ service: "catalogue", servers: process.env.NATS_URL });

bus.serve(catalogue, {
  product: ({ sku }, ctx) => products.get(sku) ?? ctx.fail("UNKNOWN_PRODUCT", { sku }),
});

answerProbes(bus);
supervised(bus);
