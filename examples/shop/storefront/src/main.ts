import { answerProbes } from "@shop/health";
import { connect, supervised } from "muove";
import { storefront } from "./storefront.js";

const bus = connect({ service: "storefront", servers: process.env.NATS_URL });
const http = storefront(bus);

// It opens whether NATS and the other services are there or not. In a container, HOST is 0.0.0.0.
await http.listen({ port: Number(process.env.PORT ?? 3000), host: process.env.HOST ?? "127.0.0.1" });

answerProbes(bus);
supervised(bus, { before: () => http.close() });
