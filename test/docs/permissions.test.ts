import { readFileSync } from "node:fs";
import { findNatsServer, testkit } from "@muove/testkit";
import type { Bus } from "muove";
import { describe, expect, test } from "vitest";
import { openBus } from "../conformance/support/buses.js";
import { describeOnEachBroker } from "../support/brokers.js";
import { type GuideUser, guideUser, guideUsers, toUser } from "../support/guide-conf.js";
import { until } from "../support/until.js";
import { GuideSystem } from "./guide-system.js";
import { stock } from "./snippets/guide/contract.js";
import { serveStock } from "./snippets/guide/serve.js";

// The table in the guide's section about permissions: with all of them everything works; without one of them, only what
// it is for fails.

async function failures(on: "embedded" | "nats-server", users: readonly GuideUser[]) {
  await using kit = testkit();
  const system = await GuideSystem.start(kit, on, users);
  try {
    return { failures: await system.failures(), forbidden: system.forbidden };
  } finally {
    await system.close();
  }
}

const addresses = ["write to tags", "write to an instance", "write by key", "write to everyone"];
const calls = ["call stock", "cancel a call"];
const tools = (name: string) => [
  "tools see all",
  "tools learn from all",
  "tools count all",
  `tools see ${name} by name`,
  `tools see an instance of ${name}`,
];

/** The checks that fail without each permission, in the order of GuideSystem. */
const needed: readonly (readonly [user: string, right: "subscribe" | "publish", subject: string, what: string[]])[] = [
  ["basket", "subscribe", "muove.basket.>", ["basket opens", "call basket", "a plain client calls basket"]],
  ["basket", "subscribe", "_INBOX_muove.basket.>", ["basket opens", ...calls, ...addresses, "monitor stock"]],
  ["basket", "subscribe", "muove.stock._event.*", ["basket opens", "hear the events of stock"]],
  ["basket", "subscribe", "muove-presence.stock.>", ["write by key"]],
  ["basket", "subscribe", "$SRV.PING", ["tools see all"]],
  ["basket", "subscribe", "$SRV.INFO", ["tools learn from all"]],
  ["basket", "subscribe", "$SRV.STATS", ["tools count all"]],
  ["basket", "subscribe", "$SRV.*.basket", ["tools see basket by name"]],
  ["basket", "subscribe", "$SRV.*.basket.*", ["tools see an instance of basket"]],
  ["basket", "publish", "_INBOX_muove.>", ["call basket"]],
  ["basket", "publish", "_INBOX.>", ["a plain client calls basket", ...tools("basket")]],
  ["basket", "publish", "muove-presence.basket.basket.*", ["hear basket go"]],
  ["basket", "publish", "muove.stock.*", ["call stock", "cast to stock", "cancel a call"]],
  ["basket", "publish", "muove.stock._t.*.*", ["write to tags"]],
  ["basket", "publish", "muove.stock._i.*.*", ["write to an instance", "write by key"]],
  ["basket", "publish", "muove.stock._all.*", ["write by key", "write to everyone", "monitor stock"]],
  [
    "stock",
    "subscribe",
    "muove.stock.>",
    [
      "stock opens",
      "call stock",
      "cast to stock",
      "cancel a call",
      ...addresses,
      "monitor stock",
      "a plain client calls stock",
    ],
  ],
  ["stock", "subscribe", "_INBOX_muove.stock.>", ["stock opens"]],
  ["stock", "subscribe", "$SRV.PING", ["tools see all"]],
  ["stock", "subscribe", "$SRV.INFO", ["tools learn from all"]],
  ["stock", "subscribe", "$SRV.STATS", ["tools count all"]],
  ["stock", "subscribe", "$SRV.*.stock", ["tools see stock by name"]],
  ["stock", "subscribe", "$SRV.*.stock.*", ["tools see an instance of stock"]],
  ["stock", "publish", "_INBOX_muove.>", ["call stock", ...addresses, "monitor stock"]],
  ["stock", "publish", "_INBOX.>", ["a plain client calls stock", ...tools("stock")]],
  ["stock", "publish", "muove-presence.stock.stock.*", ["hear stock go"]],
  ["stock", "publish", "muove.stock._event.*", ["hear the events of stock"]],
];

test("on the embedded broker, the permissions of the guide let everything work, and nothing is refused", async () => {
  expect(await failures("embedded", guideUsers())).toEqual({ failures: [], forbidden: [] });
});

const onlyCalls = readFileSync(new URL("./snippets/guide/only-calls.conf", import.meta.url), "utf8");
const allowed = (right: string): string[] => {
  const [, list = ""] = new RegExp(`${right}: \\{ allow: \\[(.*?)\\] \\}`).exec(onlyCalls) ?? [];
  return JSON.parse(`[${list}]`);
};

describeOnEachBroker((kind) => {
  test("a service that only calls needs its inbox and the mailboxes that it calls", async () => {
    const permissions = { subscribe: { allow: allowed("subscribe") }, publish: { allow: allowed("publish") } };
    const till = { user: "till", pass: "secret-3", permissions };
    const broker = await kind.start({ auth: { users: [toUser(guideUser("stock")), till] } });
    const join = (service: string, pass: string): Bus =>
      openBus(broker, { service, credentials: { user: service, pass } });
    const [owner, caller] = [join("stock", "secret-2"), join("till", "secret-3")];
    const forbidden: unknown[] = [];
    caller.on("forbidden", (event) => void forbidden.push(event));
    serveStock(owner);
    expect([await owner.connected(), await caller.connected()]).toEqual([true, true]);
    expect(await caller.to(stock).level({ sku: "tea" }, { timeout: 5_000 })).toMatchObject({ status: "ok" });
    caller.to(stock).sold({ sku: "tea", pieces: 1 });
    await until("its cast is through", () => caller.status.pending === 0);
    expect([forbidden, caller.health.ready, caller.status.counts.deadLetters]).toEqual([[], true, 0]);
  });
});

describe.skipIf(findNatsServer() === undefined)("[needs nats-server] the permissions of the guide", () => {
  test("an empty `allow` is everything, to nats-server", async () => {
    const permissions = { subscribe: { allow: [] }, publish: { allow: [] } };
    await using kit = testkit();
    const broker = await kit.nats({ on: "nats-server", config: { auth: { user: "till", pass: "x", permissions } } });
    const bus = openBus(broker, { service: "till", credentials: { user: "till", pass: "x" } });
    serveStock(bus);
    expect(await bus.connected()).toBe(true);
    expect(await bus.to(stock).level({ sku: "tea" }, { timeout: 5_000 })).toMatchObject({ status: "ok" });
  });

  test("let everything work, and nothing is refused", async () => {
    expect(await failures("nats-server", guideUsers())).toEqual({ failures: [], forbidden: [] });
  });

  test("are all tested below", () => {
    const all = guideUsers().flatMap(({ user, subscribe, publish }) => [
      ...subscribe.map((subject) => `${user} subscribe ${subject}`),
      ...publish.map((subject) => `${user} publish ${subject}`),
    ]);
    expect(needed.map(([user, right, subject]) => `${user} ${right} ${subject}`)).toEqual(all);
  });

  test.each(needed)("are each needed: %s may not %s %s", async (user, right, subject, what) => {
    const less = guideUsers().map((guide) =>
      guide.user === user ? { ...guide, [right]: guide[right].filter((each) => each !== subject) } : guide,
    );
    const found = await failures("nats-server", less);
    expect(found.failures).toEqual(what);
    // Nothing depends on being seen by tools, so that is only a line in the log.
    expect(found.forbidden.length > 0).toBe(!subject.startsWith("$SRV"));
  });
});
