import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { hostileKinds, hostileMessages } from "./hostile.js";

const many = (seed: number) => [...hostileMessages(seed, 1_000)];

const digest = (seed: number): string => {
  const hash = createHash("sha256");
  for (const { payload, headers = "" } of many(seed)) hash.update(payload).update(headers);
  return hash.digest("hex");
};

describe("hostile messages", () => {
  it("are the same for the same seed, and different for another", () => {
    expect(digest(1)).toBe(digest(1));
    expect(digest(1)).not.toBe(digest(2));
  });

  it("are of every kind in turn, or of the given kinds", () => {
    expect(many(1).map(({ kind }) => kind)).toEqual(
      Array.from({ length: 1_000 }, (_, i) => hostileKinds[i % hostileKinds.length]),
    );
    const kinds = ["claims", "prototype"] as const;
    expect([...hostileMessages(1, 3, kinds)].map(({ kind }) => kind)).toEqual(["claims", "prototype", "claims"]);
  });

  it("are not empty, and fit the default limit of a server", () => {
    for (const { payload } of many(3)) {
      expect(payload.length).toBeGreaterThan(0);
      expect(payload.length).toBeLessThan(1_000_000);
    }
  });

  it("have a header block only if the header is the bad part", () => {
    for (const { kind, headers } of many(4)) expect(headers !== undefined).toBe(kind === "bad-headers");
  });

  it("include prototype pollution, nesting beyond the stack, and false lengths", () => {
    const texts = many(5).map(({ payload }) => Buffer.from(payload).toString("latin1"));
    expect(texts.some((text) => text.includes("__proto__"))).toBe(true);
    expect(texts.some((text) => text.startsWith("[".repeat(10_000)))).toBe(true);
    expect(texts.some((text) => text.startsWith("\u00dd\u00ff\u00ff\u00ff\u00ff"))).toBe(true);
  });
});
