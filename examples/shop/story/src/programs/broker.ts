// The embedded broker in a process of its own, so that it can be killed: broker.js <port>

import { startBroker } from "@muove/broker";

const broker = await startBroker({ port: Number(process.argv[2]) });
console.log(`listens on ${broker.url}`);
