import { randomUUID } from "node:crypto";
import { startBroker } from "@muove/broker";
import { connect } from "muove";
import { expect, it, onTestFinished } from "vitest";
import { inventory, type OrderPlaced } from "../../examples/shop/contracts/src/index.js";
import { Book } from "../../examples/shop/orders/src/book.js";
import { checkOrders } from "../../examples/shop/orders/src/check-orders.js";
import { suppliers } from "../../examples/shop/orders/src/suppliers.js";

const ordered = (quantity: number, reserved: boolean): OrderPlaced => ({
  id: randomUUID(),
  sku: "mug",
  quantity,
  cents: 1290 * quantity,
  price: "current",
  reserved,
});

async function ordersAt(url: string) {
  const bus = connect({ service: "orders", servers: url, logger: false });
  onTestFinished(() => bus.close({ timeout: 1 }));
  await expect.poll(() => bus.status.connection.state).toBe("up");
  return suppliers(bus);
}

/** An inventory with one mug. Resolves to the ids of the orders that asked, as they come. */
async function inventoryAt(url: string) {
  const bus = connect({ service: "inventory", servers: url, logger: false });
  onTestFinished(() => bus.close({ timeout: 1 }));
  const asked: string[] = [];
  bus.serve(inventory, {
    level: () => ({ left: 1 }),
    reserve({ order, quantity }, ctx) {
      asked.push(order);
      return quantity === 1 ? { left: 0 } : ctx.fail("SOLD_OUT", { left: 0 });
    },
  });
  await expect.poll(() => bus.status.mailboxes[0]?.state).toBe("open");
  return asked;
}

it("checks orders taken without inventory once it is back, and owes each customer one letter about it", async () => {
  const broker = await startBroker({ port: 0 });
  onTestFinished(() => broker.close());
  const others = await ordersAt(broker.url);
  const [one, many, sure] = [ordered(1, false), ordered(50, false), ordered(2, true)];
  const book = new Book();
  for (const order of [one, many, sure]) book.settle(book.enter(order));
  const check = () => checkOrders(book, others);

  await check();
  expect([...book.owed]).toEqual([]);
  expect([...book.unchecked]).toEqual([one, many]);

  const asked = await inventoryAt(broker.url);
  await check();
  await check();
  expect(asked).toEqual([one.id, many.id]);
  expect([...book.owed]).toEqual([
    { about: "orderChecked", order: { ...one, reserved: true } },
    { about: "orderChecked", order: many },
  ]);
  expect([...book.unchecked]).toEqual([]);
  expect(book.find(one.id)).toMatchObject({ reserved: true });
});
