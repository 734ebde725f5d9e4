import type { BrokerOptions } from "@muove/broker";
import { findNatsServer } from "@muove/testkit";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { anySession } from "./generated.js";
import { generation } from "./generation.js";
import { type Pair, startPair } from "./pair.js";
import { run, type Session, type Transcript, toldOnce } from "./session.js";

const natsServer = findNatsServer();

/** How many sessions are generated for each configuration; the same seed repeats them. */
const { MUOVE_CASES, MUOVE_SEED } = process.env;
const cases = Number(MUOVE_CASES ?? 300);
const seed = Number(MUOVE_SEED ?? Date.now() % 2 ** 31);

const users = [
  { user: "free", pass: "secret" },
  {
    user: "some",
    pass: "secret",
    permissions: { publish: { allow: ["a", "a.*", "r.>"], deny: ["a.c"] }, subscribe: { deny: ["a.c", "b A"] } },
  },
  {
    user: "service",
    pass: "secret",
    permissions: {
      publish: { allow: ["a"] },
      subscribe: { allow: ["a.>", "a", "r", "b A"] },
      allowResponses: { max: 2 },
    },
  },
];

const configurations: Readonly<Record<string, BrokerOptions>> = {
  "without permissions": {},
  "with users and permissions": { auth: { users } },
  "with small limits": { maxPayload: 128, maxControlLine: 256 },
};

const told = ({ heard, pool }: Transcript): Transcript => ({ heard: heard.map(toldOnce), pool });

const hasMessages = ({ heard, pool }: Transcript): boolean =>
  pool.length > 0 || heard.flat().some((line) => /^H?MSG/.test(line));

describe.skipIf(!natsServer)("[needs nats-server] both brokers answer generated sessions alike", () => {
  describe.each(Object.entries(configurations))("%s", (title, options) => {
    let pair: Pair;
    beforeAll(async () => {
      pair = await startPair(options);
    });
    afterAll(() => pair.stop());

    it(`${cases} generated sessions`, { timeout: 60_000 + cases * 500 }, async () => {
      console.info(
        `${title}: ${cases} sessions from seed ${seed} (again with MUOVE_SEED=${seed}, more with MUOVE_CASES)`,
      );
      let lively = 0;
      await fc.assert(
        fc.asyncProperty(anySession, async (session) => {
          fc.pre(!generation.forgetsOnConnect || !connectsAfterSubscribing(session));
          const [embedded, real] = await Promise.all([run(pair.embedded.port, session), run(pair.real.port, session)]);
          expect(told(embedded)).toEqual(told(real));
          if (hasMessages(real)) lively++;
        }),
        { seed, numRuns: cases },
      );
      // Equal silence would prove nothing, so messages must be delivered in a fair share of the sessions.
      expect(lively).toBeGreaterThan(cases / 10);
    });
  });
});

/** Whether a connection sends CONNECT after it has subscribed to something. */
function connectsAfterSubscribing({ steps }: Session): boolean {
  const texts = new Map<number, string>();
  for (const { on, send } of steps) texts.set(on, (texts.get(on) ?? "") + send.join(""));
  return [...texts.values()].some((text) => /SUB .*CONNECT \{"/s.test(text));
}
