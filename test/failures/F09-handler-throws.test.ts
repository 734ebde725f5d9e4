import { eventually } from "@muove/testkit";
import { connect } from "muove";
import { expect } from "vitest";
import { plainClient, serviceError } from "../conformance/support/plain.js";
import { target } from "../services/target-contract.js";
import { connected } from "./support/bus.js";
import { failure } from "./support/failure.js";
import { startService } from "./support/services.js";
import { countsOf } from "./support/worker.js";

const ways = ["throws", "rejects", "rejects later", "throws nothing", "throws what throws"] as const;

failure(
  "F9",
  "whatever a handler throws, at once or later, is faulty/crashed with an id, and the service lives",
  async (fault) => {
    const nats = await fault.nats();
    const service = await startService(fault, "target", nats);
    await using bus = connect({ service: "caller", servers: nats.url, logger: false });
    await connected(bus);
    const calls = bus.to(target);

    for (const how of ways) {
      const outcome = await calls.crash({ how });
      expect(outcome, how).toMatchObject({ status: "faulty", reason: "crashed", delivered: "yes" });
      const { id } = outcome as { id?: string };
      expect(id, how).toMatch(/^[0-9a-f-]{36}$/);
      await eventually(() => service.output.includes(id as string), { what: `the crash that ${how} in the log` });
      const line = service.output.split("\n").find((text) => text.includes(id as string)) as string;
      if (how.startsWith("rejects") || how === "throws") {
        expect(JSON.parse(line).err, how).toMatchObject({
          message: "the secret of the target",
          stack: expect.stringMatching(/target\.js:\d+/),
        });
      }
    }
    calls.trip();

    await eventually(async () => (await countsOf(service)).crashed === ways.length + 1);
    expect(await calls.ping()).toMatchObject({ status: "ok", value: "pong" });
    expect(service.running).toBe(true);
  },
);

failure("F9", "the bytes that a caller gets contain no internals", async (fault) => {
  const nats = await fault.nats();
  await startService(fault, "target", nats);
  const client = await plainClient(nats);

  for (const how of ways) {
    const answer = await client.request("muove.target.crash", JSON.stringify({ how }), { timeout: 5_000 });
    expect(serviceError(answer)).toMatchObject({ status: "crashed", code: "500" });
    const headers = [...(answer.headers ?? [])].flat(2).join("\n");
    expect(`${headers}\n${answer.string()}`).not.toMatch(/secret|Error:|\.js|\bat /);
    expect(Object.keys(answer.json<object>())).toEqual(["id"]);
  }
});
