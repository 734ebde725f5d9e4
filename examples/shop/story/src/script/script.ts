import { randomUUID } from "node:crypto";
import type { Order } from "../shop/order.js";
import { type ServiceName, serviceNames } from "../stage/stage.js";
import { cutOff, hangingInventory, inventoryGivenUp, noPricing, noRecommendations, nothingKnown } from "./parts.js";
import type { Step } from "./step.js";

/** The services behind the storefront, in the worst order: callers before the services that they call. */
const behind = serviceNames.filter((name): name is Exclude<ServiceName, "storefront"> => name !== "storefront");

/** The story. @param broker what to call the broker in it. */
export function script(broker: string): readonly Step[] {
  const inTheDark = mugs(1);
  return [
    {
      title: "storefront alone",
      act: (stage) => stage.service("storefront").start(),
      degraded: nothingKnown,
      orders: [{ order: mugs(1), status: 200, says: "not placed: unreachable" }],
    },
    {
      title: "all others started",
      async act(stage, wait) {
        for (const name of behind) stage.service(name).start();
        await wait("the services to run", () => behind.every((name) => stage.service(name).spoke));
      },
      degraded: nothingKnown,
    },
    {
      title: `${broker} last: all up`,
      act: (stage) => stage.broker.start(),
      degraded: {},
      orders: [
        { order: mugs(1), status: 201, says: "placed at the current price, put aside" },
        { order: mugs(900), status: 409, says: "not placed: SOLD_OUT" },
      ],
      letters: true,
    },
    {
      title: "notifications killed",
      act: (stage) => stage.service("notifications").kill(),
      // No customer waits for it, so nothing is degraded. The letters wait for it.
      degraded: {},
      orders: [
        { order: mugs(1), status: 201, says: "placed at the current price, put aside" },
        {
          order: { ...mugs(1), email: "nobody@shop.invalid" },
          status: 201,
          says: "placed at the current price, put aside",
          title: "an order with a bad e-mail",
        },
      ],
    },
    {
      title: "recommendations killed",
      act: (stage) => stage.service("recommendations").kill(),
      degraded: noRecommendations,
    },
    {
      title: "pricing killed",
      act: (stage) => stage.service("pricing").kill(),
      degraded: noPricing,
      orders: [{ order: mugs(1), status: 201, says: "placed at the last-known price, put aside" }],
    },
    {
      title: "inventory stopped",
      act: (stage) => stage.service("inventory").stop(),
      degraded: hangingInventory,
      orders: [{ order: mugs(1), status: 201, says: "placed at the last-known price, stock to be confirmed" }],
    },
    {
      title: "a moment later",
      // By now the background asker has had enough timeouts to open the circuit. The only change: the page is fast again.
      act: () => {},
      degraded: inventoryGivenUp,
    },
    {
      title: `${broker} killed`,
      act: (stage) => stage.broker.kill(),
      degraded: cutOff,
      orders: [{ order: inTheDark, status: 200, says: "not placed: unreachable" }],
    },
    {
      title: "all others back",
      async act(stage, wait) {
        const gone = ["notifications", "recommendations", "pricing"] as const;
        for (const name of gone) stage.service(name).start();
        await wait("them to run", () => gone.every((name) => stage.service(name).spoke));
        stage.service("inventory").continue();
      },
      degraded: cutOff,
    },
    {
      title: `${broker} last: all back`,
      act: (stage) => stage.broker.start(),
      degraded: {},
      orders: [
        {
          order: inTheDark,
          status: 201,
          says: "placed at the current price, put aside",
          title: "the order not placed before",
        },
      ],
      letters: true,
    },
  ];
}

const mugs = (quantity: number): Order => ({ id: randomUUID(), sku: "mug", quantity });
