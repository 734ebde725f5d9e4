// The figures of kept mail as metrics, with OpenTelemetry's own SDK.

import { eventually } from "@muove/testkit";
import { expect, test } from "vitest";
import { handlers, letters } from "../mail/support/contract.js";
import { describeMail, jetStream, join } from "../mail/support/jetstream.js";
import { registerMetrics } from "./support/sdk.js";

const collect = registerMetrics();

describeMail("the metrics of kept mail", () => {
  test("are what JetStream keeps of each message, and the age of the oldest letter", async () => {
    const nats = await jetStream();
    const owner = await join(nats, "letters");
    owner.serve(letters, handlers({ post: (_, ctx) => ctx.later(600_000), print: (_, ctx) => ctx.bury("no") }));
    await owner.to(letters).post({ text: "x" });
    await owner.to(letters).print({ text: "x" });
    const figure = async (message: string, state: string): Promise<number | undefined> => {
      const points = await collect("muove.mailbox.letters");
      const wanted = { "muove.address": `letters.${message}`, "muove.state": state };
      return points.find(({ attributes }) =>
        Object.entries(wanted).every(([name, value]) => attributes[name] === value),
      )?.value;
    };
    await eventually(async () => (await figure("post", "put_aside")) === 1, { within: 6_000 });
    expect(await figure("print", "dead")).toBe(1);
    expect(await figure("print", "waiting")).toBe(0);
    const [oldest] = await collect("muove.mailbox.letters.oldest");
    expect(oldest?.value).toBeGreaterThan(0);
    expect(oldest?.value).toBeLessThan(30);
  });
});
