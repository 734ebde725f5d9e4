import { eventually, testkit } from "@muove/testkit";
import { startShop } from "./shop.js";

const kit = testkit();
const nats = await kit.nats(); // The embedded broker; { on: "nats-server" } for a real one.
const path = await kit.proxy(nats.url); // The network between NATS and the one under test.
const entry = new URL("../services/pricing.mjs", import.meta.url);
const pricing = await kit.service({ entry, nats: nats.url });

const shop = startShop({ servers: path.url }); // Your own service, here in the same process.
await eventually(async () => (await shop.label("tea")) === "3 cents");

await pricing.stop(); // It hangs: SIGSTOP.
await eventually(async () => (await shop.label("tea")) === "about 500 cents");
await pricing.continue();

path.blackHole(); // No byte, no end, no reset comes through.
await eventually(async () => (await shop.label("tea")) === "about 500 cents");
await path.heal();
await eventually(async () => (await shop.label("tea")) === "3 cents");

await shop.close();
await kit.close(); // In the teardown: all of it is gone, also when the test failed.
