// The embedded broker in a process of its own, so that it can be killed: broker.js <port> <folder for JetStream>

import { startBroker } from "@muove/broker";

const [port, folder = ""] = process.argv.slice(2);
const broker = await startBroker({ port: Number(port), jetStream: { folder } });
console.log(`listens on ${broker.url}`);
