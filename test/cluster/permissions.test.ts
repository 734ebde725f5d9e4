import { eventually, findNatsServer, testkit } from "@muove/testkit";
import { call, connect, mailbox } from "muove";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { connected } from "../failures/support/bus.js";
import { lameDuckConfig } from "./support/upgrade.js";

const slow = mailbox("slow", { wait: call({ input: z.object({ until: z.enum(["now", "moved"]) }), timeout: 3_000 }) });

const users = [
  {
    user: "service",
    pass: "secret",
    permissions: {
      publish: { allow: ["_INBOX_muove.>", "muove-presence.slow.service.*"] },
      subscribe: { allow: ["muove.slow.>", "_INBOX_muove.service.>"] },
    },
  },
  { user: "caller", pass: "secret" },
];

describe.skipIf(findNatsServer() === undefined)("[needs nats-server] a service that may publish only answers", () => {
  // With `allow_responses` it could not: that allows a reply only on the connection that brought the request.
  it("answers over its new connection what came over the old one, once it has moved", {
    timeout: 60_000,
  }, async () => {
    await using kit = testkit();
    const [leaving, staying] = await kit.cluster({ size: 2, config: { ...lameDuckConfig, auth: { users } } });
    if (!leaving || !staying) throw new Error("no cluster");
    const as = (user: string) => ({ credentials: { user, pass: "secret" }, logger: false as const });
    await using service = connect({ service: "service", servers: leaving.url, ...as("service") });
    await using caller = connect({ service: "caller", servers: staying.url, ...as("caller") });
    const forbidden: { operation: string; subject: string }[] = [];
    service.on("forbidden", (violation) => forbidden.push(violation));
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    service.serve(slow, { wait: async ({ until }) => (until === "moved" ? await finished : undefined) });
    await Promise.all([connected(service), connected(caller)]);
    const { wait } = caller.to(slow);
    await eventually(async () => (await wait({ until: "now" }, { timeout: 500 })).status === "ok");

    const underWay = wait({ until: "moved" });
    await eventually(() => service.status.mailboxes[0]?.running === 1);
    await leaving.lameDuck();
    await eventually(() => staying.url.endsWith(`${service.status.connection.server}`));
    finish();
    expect(await underWay).toMatchObject({ status: "ok" });
    expect(forbidden).toEqual([]);
    expect(await wait({ until: "now" })).toMatchObject({ status: "ok" });
  });
});
