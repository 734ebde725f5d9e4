import { findNatsServer } from "@muove/testkit";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Frame } from "../support/frames.js";
import { RawClient } from "../support/raw-client.js";
import { asOf29 } from "./generation.js";
import { almostProtocol } from "./mutated.js";
import { type Pair, startPair } from "./pair.js";
import { toldOnce } from "./session.js";

const { MUOVE_CASES, MUOVE_SEED } = process.env;
const cases = Number(MUOVE_CASES ?? 2_000);
const seed = Number(MUOVE_SEED ?? Date.now() % 2 ** 31);

/** Sends bytes, ends its side of the connection, and collects the answers until the server ends the other. */
async function hear(port: number, bytes: string): Promise<readonly string[]> {
  const client = await RawClient.open(port);
  client.send(bytes);
  client.end();
  expect(await client.until(() => client.closed)).toBe(true);
  return toldOnce(inOrder(asOf29(client.frames).slice(1)));
}

/** nats-server sends the copies of one message in any order. */
function inOrder(frames: readonly Frame[]): string[] {
  const lines: string[] = [];
  let copies: string[] = [];
  for (const [i, frame] of frames.entries()) {
    copies.push(frame.body === undefined ? frame.line : `${frame.line}|${frame.body}`);
    const next = frames[i + 1];
    if (frame.body !== undefined && next?.body === frame.body) continue;
    lines.push(...copies.sort());
    copies = [];
  }
  return lines;
}

const isMessage = (line: string): boolean => /^H?MSG/.test(line);

describe.skipIf(!findNatsServer())(
  "[needs nats-server] both brokers answer mutated input, which is almost valid, alike",
  () => {
    let pair: Pair;
    beforeAll(async () => {
      pair = await startPair();
    });
    afterAll(() => pair.stop());

    it(`${cases} generated texts`, { timeout: 60_000 + cases * 100 }, async () => {
      console.info(`${cases} texts from seed ${seed} (again with MUOVE_SEED=${seed}, more with MUOVE_CASES)`);
      let lively = 0;
      await fc.assert(
        fc.asyncProperty(almostProtocol, async (bytes) => {
          const [embedded, real] = await Promise.all([hear(pair.embedded.port, bytes), hear(pair.real.port, bytes)]);
          expect(embedded).toEqual(real);
          if (real.some(isMessage)) lively++;
        }),
        { seed, numRuns: cases },
      );
      expect(lively).toBeGreaterThan(cases / 10);
    });
  },
);
