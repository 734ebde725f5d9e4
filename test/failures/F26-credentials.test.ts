import { writeFileSync } from "node:fs";
import { eventually } from "@muove/testkit";
import { connect } from "muove";
import { expect } from "vitest";
import { worker } from "../services/contract.js";
import { connected } from "./support/bus.js";
import { failure } from "./support/failure.js";
import { temporaryFile } from "./support/file.js";
import { tally, timed, typical } from "./support/load.js";
import { healthOf, launchWorker, startWorker, statusOf } from "./support/worker.js";

const user = (pass: string) => ({ user: "service", pass });
const config = (pass: string) => ({ auth: { users: [user(pass)] } });

failure("F26", "a service that starts with wrong credentials does not become ready, and says why", async (fault) => {
  const nats = await fault.nats({ config: config("right") });
  const CREDENTIALS = temporaryFile("credentials.json");
  writeFileSync(CREDENTIALS, JSON.stringify(user("wrong")));
  const target = await launchWorker(fault, nats, { CREDENTIALS });
  const health = await eventually(async () => {
    const { problems, ...rest } = await healthOf(target);
    return problems.some((problem) => problem.includes(":")) && { problems, ...rest };
  });
  const problems = [expect.stringMatching(/^it has not been connected to NATS yet: .*Authorization/)];
  expect(health).toMatchObject({ live: true, ready: false, degraded: true, problems });

  writeFileSync(CREDENTIALS, JSON.stringify(user("right")));
  await eventually(async () => (await healthOf(target)).ready, { within: 10_000 });
});

failure(
  "F26",
  "while its credentials are wrong, a bus behaves as if NATS were away, and the log names the reason",
  async (fault) => {
    const nats = await fault.nats({ config: config("old") });
    const CREDENTIALS = temporaryFile("credentials.json");
    const show = (pass: string) => writeFileSync(CREDENTIALS, JSON.stringify(user(pass)));
    show("old");
    const target = await startWorker(fault, nats, { CREDENTIALS });
    let pass = "old";
    await using bus = connect({ service: "caller", servers: nats.url, logger: false, credentials: () => user(pass) });
    await connected(bus);
    const kinds: string[] = [];
    bus.on("connectFailed", ({ kind }) => kinds.push(kind));
    const to = bus.to(worker);
    const underWay = Array.from({ length: 10 }, () => to.wait({ ms: 60_000 }, { timeout: 60_000 }));
    await eventually(async () => (await statusOf(target)).mailboxes[0]?.running === 10);

    await nats.reload(config("new"));
    const ended = await timed(() => Promise.all(underWay));
    fault.figure("from the rotation until the calls under way have ended", ended.ms);
    expect(tally(ended.value)).toEqual({ "unreachable/maybe": 10 });
    expect(ended.ms).toBeLessThan(2_000);

    // The official client would give up after two refusals.
    await eventually(async () => kinds.length >= 8 && (await statusOf(target)).connection.attempts >= 8, {
      within: 30_000,
    });
    expect(new Set(kinds)).toEqual(new Set(["credentials"]));
    const call = await typical(21, () => to.echo({ text: "hi" }));
    expect(call.value).toMatchObject({ reason: "unreachable", delivered: "no" });
    expect(call.ms).toBeLessThan(50);
    expect(bus.health).toMatchObject({ live: true, ready: true, degraded: true, missing: [{ address: "nats" }] });
    expect(target.output).toMatch(/"kind":"credentials".*NATS refused the credentials/);

    pass = "new";
    show("new");
    const healed = await timed(() => eventually(async () => (await to.echo({ text: "hi" })).status === "ok"));
    fault.figure("from the right credentials until a call is answered", healed.ms);
    expect(healed.ms).toBeLessThan(4_500);
  },
);
