import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { natsServerOf } from "../../support/nats-server.js";
import { anySession } from "./generated.js";
import { type JetStreamPair, startJetStreamPair } from "./pair.js";
import { api } from "./say.js";
import { run } from "./session.js";

/**
 * Without what each delivery says of the messages that wait behind it: nats-server counts a new message a little later than it
 * delivers others.
 */
const withoutPending = (heard: unknown): unknown =>
  JSON.parse(JSON.stringify(heard).replaceAll(/(\$JS\.ACK\.[^"]*<time>)\.\d+/g, "$1"));

/** How many sessions are generated; the same seed repeats them. */
const { MUOVE_CASES, MUOVE_SEED } = process.env;
const cases = Number(MUOVE_CASES ?? 60);
const seed = Number(MUOVE_SEED ?? Date.now() % 2 ** 31);

const program = natsServerOf([2, 10]);
// This file has a process of its own.
if (program !== undefined) process.env.NATS_SERVER = program;

describe.skipIf(program === undefined)("[needs nats-server 2.10] JetStream of both brokers", () => {
  let pair: JetStreamPair;
  beforeAll(async () => {
    pair = await startJetStreamPair();
  });
  afterAll(() => pair.stop());

  it(`answers ${cases} generated sessions alike`, { timeout: 60_000 + cases * 2_000 }, async () => {
    console.info(`${cases} sessions from seed ${seed} (again with MUOVE_SEED=${seed}, more with MUOVE_CASES)`);
    let delivered = 0;
    await fc.assert(
      fc.asyncProperty(anySession, async (session) => {
        const clean = [api("STREAM.DELETE.S")];
        const embedded = await run(pair.embedded, session, "soon");
        await run(pair.embedded, clean);
        const expected = embedded.map((heard) => heard.length);
        const real = await run(pair.real, session, expected);
        await run(pair.real, clean);
        const tell = (heard: readonly unknown[]) => heard.map((what, i) => ({ after: session[i], what }));
        expect(withoutPending(tell(embedded))).toEqual(withoutPending(tell(real)));
        if (JSON.stringify(embedded).includes("$JS.ACK.")) delivered++;
      }),
      { numRuns: cases, seed, endOnFailure: true },
    );
    expect(delivered).toBeGreaterThan(cases / 4);
  });
});
