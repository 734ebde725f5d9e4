import { call } from "@muove/contract";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { encode } from "../codec/index.js";
import type { NatsMessage } from "../link/index.js";
import { readReply } from "./read-reply.js";

const definition = call({
  output: z.strictObject({ cents: z.int() }),
  errors: { SOLD_OUT: z.strictObject({ until: z.string() }) },
});
const target = { address: "pricing.quote", definition } as never;

const read = (headers: string, body: unknown, encoding: "json" | "msgpack" = "json") => {
  const data = body === undefined ? new Uint8Array() : encode(body, encoding);
  return readReply(target, { headers, data, empty: data.length === 0 } as unknown as NatsMessage);
};
const says = (status: string, more = ""): string => `NATS/1.0\r\nMuove-Status: ${status}\r\n${more}\r\n`;

/** Every string in a value. */
function* texts(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null) for (const inner of Object.values(value)) yield* texts(inner);
}

const wild = (length = 900_000): string => `\x1b[2J\x1b]0;title\x07\x9b31m\u202e${"x".repeat(length)}`;
const issue = { message: wild(), path: [...new Array(100).fill(wild(100)), 1], more: wild(100) };

describe("a hostile reply", () => {
  test.each<[string, string, unknown]>([
    ["rejected", says("rejected"), { issues: new Array(100).fill({ ...issue, message: wild(5_000) }) }],
    ["crashed", says("crashed"), { id: wild() }],
    ["an undeclared error", says("failed", `Muove-Code: ${wild()}\r\n`), undefined],
    ["a declared error with other data", says("failed", "Muove-Code: SOLD_OUT\r\n"), { [wild()]: 1 }],
    ["reply-too-large", says("reply-too-large", `Nats-Service-Error: ${wild()}\r\n`), undefined],
    ["an error of another service", `NATS/1.0\r\nNats-Service-Error: ${wild()}\r\n\r\n`, undefined],
    ["an unknown status", says(wild()), undefined],
    ["a status line", `NATS/1.0 ${wild()}\r\n\r\n`, undefined],
    ["a reply that breaks the contract", "", { cents: 1, [wild()]: { [wild()]: 1 } }],
    ["overloaded", says("overloaded", `Muove-Retry-After: ${"9".repeat(1_000)}\r\n`), undefined],
  ])("gives an outcome with bounded strings and no terminal commands: %s", (_, headers, body) => {
    const outcome = read(headers, body);
    expect(outcome).toMatchObject({ status: expect.stringMatching(/^(faulty|unavailable)$/) });
    const all = [...texts(outcome)];
    expect(all.length).toBeGreaterThan(3);
    for (const text of all) {
      expect(text).not.toMatch(/[\p{Cc}\u202e]/u);
      expect(text.length).toBeLessThan(1_200);
    }
    expect(JSON.stringify(outcome).length).toBeLessThan(64 * 1024);
  });

  test("gives at most 32 issues, with 16 keys each and nothing else", () => {
    const { issues } = read(says("rejected"), {
      issues: new Array(100).fill({ ...issue, message: "no" }),
    }) as unknown as {
      issues: { message: string; path: string[] }[];
    };
    expect(issues).toHaveLength(32);
    expect(Object.keys(issues[0] ?? {})).toEqual(["message", "path"]);
    expect(issues[0]?.path).toHaveLength(16);
    expect(issues[0]?.path[0]).toHaveLength(64);
  });

  test("may make our schema throw: that text is cleaned, too", () => {
    const output = z.any().transform((value: { text: string }) => {
      throw new Error(value.text);
    });
    const own = { address: "pricing.quote", definition: call({ output: output as never }) } as never;
    const data = encode({ text: wild() }, "msgpack");
    const outcome = readReply(own, { headers: "", data, empty: false } as unknown as NatsMessage);
    for (const text of texts(outcome)) expect(text).toMatch(/^[^\p{Cc}\u202e]{0,600}$/u);
  });
});

test("the time before a retry is at most a minute", () => {
  expect(read(says("overloaded", "Muove-Retry-After: 86400000\r\n"), undefined)).toMatchObject({ retryAfter: 60_000 });
});
