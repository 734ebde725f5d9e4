// 09  Addresses
//
// A mailbox is served by any number of instances. The caller can choose which of them gets a message: any, one with
// certain tags, always the same one for the same key, a certain one, or all. The outcomes are the same for each.

import { startBroker } from "@muove/broker";
import { type Bus, call, connect, mailbox } from "muove";
import { z } from "zod";

const carts = mailbox("carts", {
  add: call({ input: z.object({ cart: z.string(), sku: z.string() }), output: z.object({ items: z.int() }) }),
  where: call({ output: z.string() }),
});

const broker = await startBroker({ port: 0 });
const names = new Map<string, string>();

// Each instance keeps its carts in memory, so all messages of one cart must go to the same instance.
async function start(name: string, region: string): Promise<Bus> {
  const bus = connect({ service: "carts", servers: broker.url, tags: { region }, logger: false });
  const items = new Map<string, number>();
  bus.serve(carts, {
    add({ cart }) {
      items.set(cart, (items.get(cart) ?? 0) + 1);
      return { items: items.get(cart) ?? 0 };
    },
    where: () => name,
  });
  names.set(bus.status.instance, name);
  await bus.connected();
  return bus;
}

const [lyon, oslo, boston] = [await start("Lyon", "eu"), await start("Oslo", "eu"), await start("Boston", "us")];
const shop = connect({ service: "shop", servers: broker.url, logger: false });
await shop.connected();

// By tags: any instance that has them. If none does, the call is absent: that is exact, whoever else is there.
console.log(
  "in the us:",
  await shop
    .to(carts, { tags: { region: "us" } })
    .where()
    .orThrow(),
);
const nobody = await shop.to(carts, { tags: { region: "asia" } }).where();
console.log("in asia:", nobody.status === "unavailable" ? nobody.reason : nobody.status);

// One certain instance.
console.log("that one:", await shop.to(carts, { instance: oslo.status.instance }).where().orThrow());

// By key: the same instance for the same key, whoever calls. So every cart has one home.
const cartNumbers = Array.from({ length: 300 }, (_, n) => `cart ${n}`);
const add = (cart: string) => shop.to(carts, { key: cart }).add({ cart, sku: "tea" }).orThrow();
for (let round = 1; round <= 2; round++) for (const cart of cartNumbers) await add(cart);
const counts = await Promise.all(cartNumbers.map(add));
console.log(
  "all carts have three items:",
  counts.every(({ items }) => items === 3),
);

// One instance goes: its keys move to the others, and no other key moves.
const home = (cart: string) => shop.to(carts, { key: cart }).where().orThrow();
const before = await Promise.all(cartNumbers.map(home));
await lyon.close();
const after = await Promise.all(cartNumbers.map(home));
const moved = after.filter((name, n) => name !== before[n]).length;
console.log("moved are those of Lyon:", moved === before.filter((name) => name === "Lyon").length);

// Everyone: one outcome for each, as it comes. The loop ends when all have answered.
const answers: string[] = [];
for await (const { instance = "", outcome } of shop.toAll(carts).where())
  answers.push(`${names.get(instance)} ${outcome.status}`);
console.log("everyone:", answers.sort().join(", "));

for (const bus of [oslo, boston, shop]) await bus.close();
await broker.close();

// Output:
// in the us: Boston
// in asia: absent
// that one: Oslo
// all carts have three items: true
// moved are those of Lyon: true
// everyone: Boston ok, Oslo ok
