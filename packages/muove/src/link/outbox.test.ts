import { describe, expect, test } from "vitest";
import { Outbox } from "./outbox.js";

/** @param taken whether the bytes that were handed over are no longer in use. */
function outbox(taken = () => false) {
  const sent: Buffer[] = [];
  const handed: Uint8Array[] = [];
  const box = new Outbox((bytes) => {
    handed.push(bytes);
    sent.push(Buffer.from(bytes));
    return taken();
  });
  return { box, sent, handed, text: () => Buffer.concat(sent).toString("latin1") };
}

const payload = Buffer.from("hi");
const headers = "NATS/1.0\r\nX: y\r\n\r\n";

describe("an outbox", () => {
  test("writes the protocol", async () => {
    const { box, text } = outbox();
    box.write("a", "", "", payload);
    box.write("a", "r", "", payload);
    box.write("a", "", headers, payload);
    box.write("a", "r\xff", headers, new Uint8Array(0));
    await undefined;
    expect(text()).toBe(
      `PUB a 2\r\nhi\r\nPUB a r 2\r\nhi\r\nHPUB a 18 20\r\n${headers}hi\r\nHPUB a r\xff 18 18\r\n${headers}\r\n`,
    );
  });

  test("OUTBOX-2 hands over everything that one turn writes together, at the end of the turn", async () => {
    const { box, sent } = outbox();
    for (let i = 0; i < 50; i++) box.write("a", "", "", payload);
    expect(sent).toHaveLength(0);
    await undefined;
    expect(sent).toHaveLength(1);
  });

  test("OUTBOX-2 hands over at flush(), and then nothing at the end of the turn", async () => {
    const { box, sent } = outbox();
    box.write("a", "", "", payload);
    box.flush();
    box.flush();
    expect(sent).toHaveLength(1);
    await undefined;
    expect(sent).toHaveLength(1);
    box.write("a", "", "", payload);
    await undefined;
    expect(sent).toHaveLength(2);
  });

  test("hands over large amounts before the end of the turn, in growing portions", async () => {
    const { box, sent } = outbox();
    for (let i = 0; i < 3_000; i++) box.write("a", "", "", new Uint8Array(100));
    const sizes = sent.map(({ length }) => Math.round(length / 1_024));
    expect(sizes.slice(0, 3)).toEqual([8, 16, 32]);
    expect(sizes.length).toBeLessThan(10);
    await undefined;
    for (let i = 0; i < 80; i++) box.write("a", "", "", new Uint8Array(100));
    expect(Math.round((sent.at(-1)?.length ?? 0) / 1_024)).toBe(8);
  });

  test.each([
    ["holds", () => false],
    ["may hold", () => Math.random() < 0.5],
    ["does not hold", () => true],
  ])("OUTBOX-1 does not overwrite bytes that the socket %s", async (_, taken) => {
    let held: number[] = [];
    const { box, sent, handed } = outbox(() => {
      const free = taken();
      held = free ? [] : [...held, handed.length - 1];
      return free;
    });
    let expected = "";
    for (let i = 0; i < 3_000; i++) {
      const payload = `${i}`.padEnd(i % 500, ".");
      box.write(`a.${i}`, "", "", Buffer.from(payload));
      expected += `PUB a.${i} ${payload.length}\r\n${payload}\r\n`;
      if (i % 7 === 0) await undefined;
      expect(held.every((at) => sent[at]?.equals(handed[at] as Uint8Array))).toBe(true);
    }
    await undefined;
    expect(sent.length).toBeGreaterThan(300);
    expect(Buffer.concat(sent).toString("latin1") === expected).toBe(true);
  });

  test("keeps little memory, whether its bytes are in use or not", async () => {
    const { box, handed } = outbox(() => true);
    box.write("a", "", "", new Uint8Array(1_000_000));
    await undefined;
    for (let i = 0; i < 3_000; i++) {
      box.write("a", "", "", payload);
      if (i % 7 === 0) await undefined;
    }
    const buffers = new Set(handed.slice(1).map(({ buffer }) => buffer));
    expect([...buffers].map(({ byteLength }) => byteLength)).toEqual([64 * 1_024]);
  });

  test("accepts a message larger than its buffer", async () => {
    const { box, text } = outbox();
    box.write("a", "", "", payload);
    box.write("b", "", "", new Uint8Array(1_000_000).fill(0x78));
    box.write("c", "", "", payload);
    await undefined;
    expect(text()).toBe(`PUB a 2\r\nhi\r\nPUB b 1000000\r\n${"x".repeat(1_000_000)}\r\nPUB c 2\r\nhi\r\n`);
  });
});
