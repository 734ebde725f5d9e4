import { randomUUID } from "node:crypto";
import { startBroker } from "@muove/broker";
import { type Bus, connect } from "muove";
import { describe, expect, it, onTestFinished } from "vitest";
import { notifications, type OrderPlaced } from "../../examples/shop/contracts/src/index.js";
import { Book } from "../../examples/shop/orders/src/book.js";
import { sendLetter, sendLetters } from "../../examples/shop/orders/src/send-letters.js";
import { makeKit } from "../support/kit.js";
import { natsServerThatKeepsMail } from "../support/nats-server.js";
import { until } from "../support/until.js";

const program = natsServerThatKeepsMail();

const ordered = (): OrderPlaced => ({
  id: randomUUID(),
  sku: "mug",
  quantity: 1,
  cents: 1290,
  price: "current",
  reserved: true,
});

async function join(service: string, servers: string): Promise<Bus> {
  const bus = connect({ service, servers, logger: false });
  onTestFinished(() => bus.close({ timeout: 1 }));
  await expect.poll(() => bus.status.connection.state).toBe("up");
  return bus;
}

it("keeps letters in the book where nothing else can keep them, and tries only the oldest", async () => {
  const broker = await startBroker({ port: 0 });
  onTestFinished(() => broker.close());
  const bus = await join("orders", broker.url);
  const book = new Book();
  const letters = [ordered(), ordered()].map((order) => book.enter(order));
  await sendLetters(book, bus.to(notifications));
  expect([...book.owed]).toEqual(letters);
  expect(book.owes(letters[1]?.order.id ?? "")).toBe(true);
  expect(bus.status.counts.deadLettersByReason["no-store"]).toBe(1);
});

describe.skipIf(program === undefined)("[needs nats-server 2.10 or later] letters that are owed", () => {
  it("are written once, although they were sent twice", async () => {
    const server = await makeKit().nats({ on: "nats-server", jetStream: true, program: program as string });
    const bus = await join("orders", server.url);
    const to = bus.to(notifications);
    const book = new Book();
    const [one, two] = [ordered(), ordered()].map((order) => book.enter(order));
    if (one === undefined || two === undefined) throw new Error("no letters");
    expect(await sendLetter(one, new Book(), to)).toBe(true); // As if the process had ended before it knew.
    await sendLetters(book, to);
    expect([...book.owed]).toEqual([]);
    const written: string[] = [];
    const owner = await join("notifications", server.url);
    owner.serve(notifications, {
      orderPlaced: ({ id }) => void written.push(id),
      orderChecked: () => {},
    });
    await until("all are handled", () => owner.status.counts.lettersHandled === 2);
    expect(written).toEqual([one.order.id, two.order.id]);
  });
});
