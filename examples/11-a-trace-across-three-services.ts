// 11  A trace across three services
//
// The shop calls basket; basket calls pricing and casts to statistics, which is absent. OpenTelemetry's SDK is registered,
// so all of it is one trace. The services need nothing else: they do not know about it.

import { startBroker } from "@muove/broker";
import { trace } from "@opentelemetry/api";
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { call, cast, connect, mailbox } from "muove";
import { z } from "zod";

// A service does this when it starts; NodeSDK of @opentelemetry/sdk-node does it with an exporter to your trace store.
const exporter = new InMemorySpanExporter();
new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();

const pricing = mailbox("pricing", { quote: call({ input: z.string(), output: z.int() }) });
const statistics = mailbox("statistics", { sold: cast({ input: z.string() }) });
const basket = mailbox("basket", { total: call({ output: z.int(), timeout: 2_000 }) });
const advice = mailbox("advice", { suggest: call({ output: z.string() }) });

const broker = await startBroker({ port: 0 });
const join = (service: string) => connect({ service, servers: broker.url, logger: false });
const [pricingBus, basketBus, shop] = [join("pricing"), join("basket"), join("shop")];

pricingBus.serve(pricing, { quote: () => 450 });
basketBus.serve(basket, {
  async total(_input, ctx) {
    const cents = await ctx.to(pricing).quote("tea").orElse(500);
    ctx.to(statistics).sold("tea");
    await ctx.to(advice).suggest().orElse("nothing"); // Nobody serves this.
    return cents.value;
  },
});

const buses = [pricingBus, basketBus, shop];
await Promise.all(buses.map((bus) => bus.connected()));

// The edge: an HTTP instrumentation would start this span.
await trace.getTracer("example").startActiveSpan("GET /basket", async (span) => {
  const total = await shop.to(basket).total().orThrow();
  console.log("the total is", total);
  span.end();
});

for (const bus of buses) await bus.close();
await broker.close();

// What the exporter got, as a tree.
const kinds = ["internal", "server", "client", "producer", "consumer"];
const spans = exporter.getFinishedSpans(); // In the order in which they ended.

function print(parent: string | undefined, indent = ""): void {
  for (const span of spans.filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent)) {
    const error = span.attributes["error.type"];
    console.log(`${indent}${span.name}, ${kinds[span.kind]}${error === undefined ? "" : `: ${error}`}`);
    for (const { name, attributes } of span.events) console.log(`${indent}  * ${name} ${attributes?.["rpc.method"]}`);
    print(span.spanContext().spanId, `${indent}  `);
  }
}

print(undefined);
console.log("one trace:", new Set(spans.map((span) => span.spanContext().traceId)).size === 1);

// Output:
// the total is 450
// GET /basket, internal
//   basket.total, client
//     basket.total, server
//       * muove.degraded advice.suggest
//       pricing.quote, client
//         pricing.quote, server
//       send muove.statistics.sold, producer
//       advice.suggest, client: absent
// one trace: true
