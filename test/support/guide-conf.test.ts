import { expect, test } from "vitest";
import { guideConfig, guideUsers } from "./guide-conf.js";

test("the guide's nats.conf has two users, their rights, and the ping settings", () => {
  const [basket, stock, ...others] = guideUsers();
  expect(others).toEqual([]);
  expect(basket).toMatchObject({ user: "basket", pass: "secret-1" });
  expect(basket?.publish).toContain("muove.stock.*");
  expect(stock?.subscribe).toEqual([
    "muove.stock.>",
    "_INBOX_muove.stock.>",
    "$SRV.PING",
    "$SRV.INFO",
    "$SRV.STATS",
    "$SRV.*.stock",
    "$SRV.*.stock.*",
  ]);
  expect(guideConfig()).toMatchObject({ pingInterval: 2_000, maxPingsOut: 2 });
});
