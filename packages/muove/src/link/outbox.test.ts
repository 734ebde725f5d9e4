import { describe, expect, test } from "vitest";
import { Outbox } from "./outbox.js";

function outbox() {
  const sent: Uint8Array[] = [];
  const box = new Outbox((bytes) => sent.push(bytes));
  return { box, sent, text: () => Buffer.concat(sent).toString("latin1") };
}

const payload = Buffer.from("hi");
const headers = "NATS/1.0\r\nX: y\r\n\r\n";

describe("an outbox", () => {
  test("writes what the protocol says", async () => {
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

  test("O2 hands over what one turn writes at once, with the end of the turn", async () => {
    const { box, sent } = outbox();
    for (let i = 0; i < 50; i++) box.write("a", "", "", payload);
    expect(sent).toHaveLength(0);
    await undefined;
    expect(sent).toHaveLength(1);
  });

  test("O2 hands over when told to, and has nothing left for the end of the turn then", async () => {
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

  test("hands over much without waiting for the end of the turn", () => {
    const { box, sent } = outbox();
    for (let i = 0; i < 1_000; i++) box.write("a", "", "", new Uint8Array(100));
    expect(sent.length).toBeGreaterThan(5);
    expect(sent.length).toBeLessThan(20);
  });

  test("O1 does not write again to what it handed over", async () => {
    const { box, sent } = outbox();
    const copies: Buffer[] = [];
    for (let i = 0; i < 5_000; i++) {
      box.write(`a.${i}`, "", "", Buffer.from(`${i}`.padEnd(i % 500, ".")));
      if (i % 7 === 0) await undefined;
      while (copies.length < sent.length) copies.push(Buffer.from(sent[copies.length] as Uint8Array));
    }
    expect(copies.length).toBeGreaterThan(500);
    expect(copies.every((copy, i) => copy.equals(sent[i] as Uint8Array))).toBe(true);
  });

  test("takes what is larger than its own bytes", async () => {
    const { box, text } = outbox();
    box.write("a", "", "", payload);
    box.write("b", "", "", new Uint8Array(1_000_000).fill(0x78));
    box.write("c", "", "", payload);
    await undefined;
    expect(text()).toBe(`PUB a 2\r\nhi\r\nPUB b 1000000\r\n${"x".repeat(1_000_000)}\r\nPUB c 2\r\nhi\r\n`);
  });
});
