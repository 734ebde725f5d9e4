import { type Broker, startBroker } from "@muove/broker";
import { type Bus, connect } from "muove";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { storefront } from "../../examples/shop/storefront/src/storefront.js";
import { serveCatalogue, serveInventory, serveOrders, servePricing, serveRecommendations } from "./services.js";

type Http = ReturnType<typeof storefront>;

const asHtml = { accept: "text/html" };

let broker: Broker;
let http: Http;
let buses: Bus[];

beforeEach(async () => {
  broker = await startBroker({ port: 0 });
  const bus = connect({ service: "storefront", servers: broker.url, logger: false });
  buses = [bus];
  http = storefront(bus);
});

afterEach(async () => {
  await http.close();
  await Promise.all(buses.map((bus) => bus.close({ timeout: 1 })));
  await broker.close();
});

/** Waits until their mailboxes are open. */
async function open(...opened: Bus[]): Promise<void> {
  buses.push(...opened);
  const states = () => opened.flatMap((bus) => bus.status.mailboxes.map(({ state }) => state));
  await expect.poll(() => states().every((state) => state === "open")).toBe(true);
  await expect.poll(() => buses[0]?.status.connection.state).toBe("up");
}

const openAll = () =>
  open(
    serveCatalogue(broker.url),
    servePricing(broker.url),
    serveInventory(broker.url),
    serveRecommendations(broker.url),
    serveOrders(broker.url),
  );

const page = async (path = "/products/mug") => (await http.inject(path)).json();
const htmlPage = async (path = "/products/mug") => (await http.inject({ url: path, headers: asHtml })).body;
const marks = (html: string) => [...html.matchAll(/ data-degraded="([a-z]+)"/g)].map(([, name]) => name);

describe("the page", () => {
  it("has all parts when all services are there", async () => {
    await openAll();
    expect(await page()).toEqual({
      sku: "mug",
      product: { name: "Stoneware mug", description: "Holds 0.35 l." },
      price: { cents: 1290 },
      stock: { left: 40 },
      recommendations: ["tea"],
      degraded: {},
    });
    const html = await htmlPage();
    expect(html).toContain("€12.90");
    expect(html).toContain("40 left");
    expect(marks(html)).toEqual([]);
  });

  it("comes without any service, and says which parts are degraded", async () => {
    await open();
    const { price, stock, recommendations, degraded } = await page();
    expect({ price, stock, recommendations }).toEqual({
      price: { cents: 1490 },
      stock: { left: null },
      recommendations: [],
    });
    expect(degraded).toMatchObject({
      product: { reason: "absent", source: "function", age: null },
      price: { reason: "absent", source: "function", age: null },
      stock: { reason: "absent", source: "constant", age: null },
      recommendations: { reason: "absent", source: "constant", age: null },
    });
  });

  it("marks degraded parts in HTML, with the reason", async () => {
    await open(serveCatalogue(broker.url), serveInventory(broker.url), serveRecommendations(broker.url));
    const html = await htmlPage();
    expect(marks(html)).toEqual(["price"]);
    expect(html).toContain("not up to date: price");
    expect(html).toContain("<code>absent</code>");
    expect(html).toContain("price from our printed list");
  });

  it("shows the last known price, with its age", async () => {
    const pricing = servePricing(broker.url);
    await open(pricing);
    await page();
    await pricing.close();
    const { price, degraded } = await page();
    expect(price).toEqual({ cents: 1290 });
    expect(degraded.price).toMatchObject({ reason: "absent", source: "last-known", age: expect.any(Number) });
  });

  it("does not wait for a service that hangs", async () => {
    await open(serveCatalogue(broker.url), servePricing(broker.url), serveInventory(broker.url, { hangs: true }));
    const begin = performance.now();
    const { stock, degraded } = await page();
    expect(performance.now() - begin).toBeLessThan(1_000);
    expect(stock).toEqual({ left: null });
    expect(degraded.stock).toMatchObject({ reason: "timeout", source: "constant" });
  });

  it("is 404 for an unknown product, and for a name that cannot be checked", async () => {
    expect((await http.inject("/products/sofa")).statusCode).toBe(404);
    expect((await http.inject("/products/%3Cscript%3E")).statusCode).toBe(404);
    await open(serveCatalogue(broker.url));
    const answer = await http.inject("/products/lamp");
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toEqual({ error: { code: "UNKNOWN_PRODUCT", data: { sku: "lamp" } } });
  });

  it("escapes text from other services in HTML", async () => {
    await open(serveCatalogue(broker.url, "<script>alert('mug')</script>"));
    const html = await htmlPage();
    expect(html).not.toContain("<script>");
    expect(html).toContain("&#60;script&#62;");
  });
});

describe("an order", () => {
  const id = "0b8f5c3e-6c1f-4e57-9c63-2f1f8f6a9d10";
  const order = (quantity: number) =>
    http.inject({ method: "POST", url: "/orders", payload: { id, sku: "mug", quantity } });
  const orderForm = (quantity: number) =>
    http.inject({
      method: "POST",
      url: "/orders",
      headers: { ...asHtml, "content-type": "application/x-www-form-urlencoded" },
      payload: `id=${id}&sku=mug&quantity=${quantity}`,
    });

  it("is placed", async () => {
    await open(serveOrders(broker.url));
    const answer = await order(2);
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toEqual({
      placed: "yes",
      order: { id, cents: 2580, price: "current", reserved: true, letter: "kept" },
    });
    expect((await orderForm(2)).body).toContain("€25.80");
  });

  it("is refused when the product is sold out", async () => {
    await open(serveOrders(broker.url));
    const answer = await order(41);
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toEqual({ placed: "no", id, error: { code: "SOLD_OUT", data: { left: 40 } } });
    expect((await orderForm(41)).body).toContain("not enough pieces");
  });

  it("can be sent again, as the same order, when the orders service is absent", async () => {
    await open();
    const answer = await order(2);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ placed: "no", id, unavailable: { reason: "absent" } });
    const { body } = await orderForm(2);
    expect(body).toContain("has not reached us");
    expect(body).toContain(`value="${id}"`);
  });

  it("may have been placed when the orders service crashed, and the customer reads that", async () => {
    await open(serveOrders(broker.url));
    const answer = await order(13);
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toMatchObject({ placed: "unknown", id, unavailable: { reason: "crashed" } });
    expect((await orderForm(13)).body).toContain("may have reached us");
  });

  it("that is invalid is refused", async () => {
    const answer = await order(0);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ error: { code: "BAD_ORDER" } });
  });
});

it("counts degraded answers and dead letters at /status", async () => {
  await open();
  await page();
  await expect.poll(async () => (await page("/status")).counts).toMatchObject({ degraded: 4, deadLetters: 1 });
});
