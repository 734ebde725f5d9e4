import { findNatsServer } from "@muove/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Pair, startPair } from "./pair.js";
import { type Script, scripts } from "./scripts.js";
import { run } from "./session.js";

const natsServer = findNatsServer();

describe.skipIf(!natsServer)("[needs nats-server] both brokers answer the same session alike", () => {
  describe.each(scripts)("$title", ({ options, sessions }: Script) => {
    let pair: Pair;
    beforeAll(async () => {
      pair = await startPair(options);
    });
    afterAll(() => pair.stop());

    it.each(Object.entries(sessions))("%s", async (_title, session) => {
      const [embedded, real] = await Promise.all([run(pair.embedded.port, session), run(pair.real.port, session)]);
      expect(embedded).toEqual(real);
    });
  });
});
