import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WriteBlocks } from "./write-blocks.js";

describe("write blocks", () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.uint8Array({ maxLength: 200 }),
    fc.integer({ min: 1_000, max: 70_000 }).map((size) => Buffer.alloc(size, size % 251)),
  );
  const round = fc.record({ pieces: fc.array(piece, { maxLength: 12 }), reusable: fc.boolean() });

  it("WRITE-BLOCKS-1, WRITE-BLOCKS-2: return the added bytes in order, whether memory is reused or not", () => {
    fc.assert(
      fc.property(fc.array(round, { maxLength: 8 }), (rounds) => {
        const blocks = new WriteBlocks();
        for (const { pieces, reusable } of rounds) {
          const expected: Buffer[] = [];
          for (const each of pieces) {
            expected.push(Buffer.from(each as string));
            if (typeof each === "string") blocks.text(each);
            else blocks.bytes(Buffer.from(each), 0, each.length);
          }
          const all = Buffer.concat(expected);
          expect(blocks.length).toBe(all.length);
          const taken = blocks.take();
          expect(blocks.length).toBe(0);
          // Taken blocks must not be overwritten until they are settled.
          blocks.text("something else that comes in the meantime");
          expect(Buffer.concat(taken).equals(all)).toBe(true);
          blocks.take();
          blocks.settled(reusable);
        }
      }),
    );
  });

  it("collect many small messages in few blocks", () => {
    const blocks = new WriteBlocks();
    for (let i = 0; i < 10_000; i++) blocks.text("MSG subject 1 5\r\nhello\r\n");
    expect(blocks.take().length).toBeLessThan(12);
  });

  it("do not copy a large payload", () => {
    const blocks = new WriteBlocks();
    const payload = Buffer.alloc(100_000, 1);
    blocks.bytes(payload, 0, payload.length);
    expect(blocks.take()[0]?.buffer).toBe(payload.buffer);
  });
});
