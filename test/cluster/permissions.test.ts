import { setTimeout as sleep } from "node:timers/promises";
import { eventually, findNatsServer, testkit } from "@muove/testkit";
import { call, connect, mailbox } from "muove";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { connected } from "../failures/support/bus.js";
import { lameDuckConfig, untilEnded } from "./support/upgrade.js";

const slow = mailbox("slow", {
  wait: call({ input: z.object({ until: z.enum(["now", "moved", "much later"]) }), timeout: 20_000 }),
});

/** Longer than the old connection of a move stays subscribed, in ms. */
const muchLater = 4_000;

const answers = { allow: ["_INBOX_muove.>", "muove-presence.slow.service.*"] };
const inbox = { allow: ["muove.slow.>", "_INBOX_muove.service.>"] };
const users = [
  { user: "inboxes", pass: "secret", permissions: { publish: answers, subscribe: inbox } },
  {
    user: "responses",
    pass: "secret",
    permissions: { publish: { deny: ["_INBOX_muove.>"] }, subscribe: inbox, allowResponses: true },
  },
  { user: "caller", pass: "secret" },
];

describe.skipIf(findNatsServer() === undefined)("[needs nats-server] a service that may publish only answers", () => {
  it.each([
    // That allows a reply only on the connection that brought the request.
    { user: "responses", moment: "much later" },
    { user: "inboxes", moment: "moved" },
  ] as const)(
    "answers what came before a move once it has moved: $user, $moment",
    { timeout: 60_000 },
    async ({ user, moment }) => {
      await using kit = testkit();
      const config = { ...lameDuckConfig, lameDuckGracePeriod: 7_000, auth: { users } };
      const [leaving, staying] = await kit.cluster({ size: 2, config });
      if (!leaving || !staying) throw new Error("no cluster");
      const as = (name: string) => ({ credentials: { user: name, pass: "secret" }, logger: false as const });
      await using service = connect({ service: "service", servers: leaving.url, ...as(user) });
      await using caller = connect({ service: "caller", servers: staying.url, ...as("caller") });
      const forbidden: string[] = [];
      service.on("forbidden", ({ subject }) => subject.startsWith("_INBOX") && forbidden.push(subject));
      let finish = () => {};
      const finished = new Promise<void>((resolve) => {
        finish = resolve;
      });
      service.serve(slow, {
        async wait({ until }) {
          if (until !== "now") await finished;
          if (until === "much later") await sleep(muchLater);
        },
      });
      await Promise.all([connected(service), connected(caller)]);
      const { wait } = caller.to(slow);
      await eventually(async () => (await wait({ until: "now" }, { timeout: 500 })).status === "ok");

      const underWay = wait({ until: moment });
      await eventually(() => service.status.mailboxes[0]?.running === 1);
      await leaving.lameDuck();
      await eventually(() => staying.url.endsWith(`${service.status.connection.server}`));
      finish();
      expect(await underWay).toMatchObject({ status: "ok" });
      expect(forbidden).toEqual([]);
      expect(await wait({ until: "now" })).toMatchObject({ status: "ok" });
      await untilEnded(leaving); // Nobody keeps it any longer.
    },
  );
});
