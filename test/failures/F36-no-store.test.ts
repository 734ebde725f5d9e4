import { eventually } from "@muove/testkit";
import { connect } from "muove";
import { expect } from "vitest";
import { post } from "../services/post-contract.js";
import { natsServerVersion } from "../support/nats-server.js";
import { connected } from "./support/bus.js";
import { type Fault, failure } from "./support/failure.js";
import { Store, sender } from "./support/letters.js";
import { timed, typical } from "./support/load.js";

type Nats = Awaited<ReturnType<Fault["nats"]>>;

const { major, minor } = natsServerVersion();
const tooOld = major === 2 && minor < 10;
const handlers = { send() {}, slow() {}, brief() {}, fail() {} };

/** Starts an owner, and resolves to why it is not ready. */
async function problemOf(nats: Nats, user?: string): Promise<string> {
  const owner = connect({ service: "post", servers: nats.url, logger: false, ...as(user) });
  await connected(owner);
  owner.serve(post, handlers);
  await eventually(() => !owner.health.ready, { within: 10_000 });
  const [problem = ""] = owner.health.problems;
  await owner.close();
  return problem;
}

const as = (user: string | undefined) => (user === undefined ? {} : { credentials: { user, pass: user } });

failure("F36", "on a server that is too old, letters are no-store, with its version", async (fault) => {
  const nats = await fault.kit.nats({ on: "nats-server", jetStream: true });
  await using bus = await sender(nats);
  const receipt = await bus.to(post).send({ text: "a" });
  if (!tooOld) return void expect(receipt).toMatchObject({ status: "stored" });
  expect(receipt).toMatchObject({ status: "unavailable", reason: "no-store", delivered: "no" });
  const why = /nats-server 2\.\d+\.\d+ cannot keep mail: it must be 2\.10 or later/;
  expect(receipt).toHaveProperty("message", expect.stringMatching(why));
  expect(await problemOf(nats)).toMatch(why);
});

failure(
  "F36",
  "without JetStream, letters are no-store within a round trip, and come once it is there",
  async (fault) => {
    const nats = await fault.kit.nats({ on: "nats-server" });
    await using bus = await sender(nats);
    const refused = await typical(11, () => bus.to(post).send({ text: "a" }));
    fault.figure("until a letter is no-store without JetStream", refused.ms);
    expect(refused.value).toMatchObject({ reason: "no-store", delivered: "no" });
    expect(refused.ms).toBeLessThan(100);
    if (tooOld) return;
    expect(refused.value).toHaveProperty("message", expect.stringContaining("JetStream is not enabled there"));
    expect(await problemOf(nats)).toMatch(/JetStream is not enabled there/);
  },
);

if (!tooOld) {
  failure("F36", "permissions that refuse the letter, or its stream, are forbidden and no-store", async (fault) => {
    const inbox = { allow: ["_INBOX_muove.>"] };
    const user = (name: string, publish: readonly string[]) => ({
      user: name,
      pass: name,
      permissions: { publish: { allow: publish }, subscribe: inbox },
    });
    const nats = await fault.kit.nats({
      on: "nats-server",
      jetStream: true,
      config: { auth: { users: [user("nothing", ["other"]), user("letters", ["muove-mail.post.d.*"])] } },
    });
    await using nothing = await sender(nats, as("nothing"));
    const forbidden = await timed(() => nothing.to(post).send({ text: "a" }));
    expect(forbidden.value).toMatchObject({ reason: "forbidden", delivered: "no" });
    expect(forbidden.ms).toBeLessThan(500);
    await using letters = await sender(nats, as("letters"));
    const refused = await timed(() => letters.to(post).send({ text: "a" }));
    expect(refused.value).toMatchObject({ reason: "no-store", delivered: "no" });
    expect(refused.value).toHaveProperty("message", expect.stringMatching(/permissions refuse to look its stream up/));
    expect(refused.ms).toBeLessThan(500);
    expect(await problemOf(nats, "letters")).toMatch(/permissions refuse/);
  });

  for (const [which, more, delivered] of [
    ["another stream captures the subject", { subjects: ["muove-mail.>"] }, "no"],
    ["one does that acknowledges nothing", { subjects: ["muove-mail.>"], no_ack: true }, "maybe"],
  ] as const) {
    failure("F36", `when ${which}, letters are store-conflict`, async (fault) => {
      const nats = await fault.kit.nats({ on: "nats-server", jetStream: true });
      const store = await Store.of(nats);
      expect(await store.api("STREAM.CREATE.AUDIT", { name: "AUDIT", ...more })).not.toHaveProperty("error");
      await using bus = await sender(nats);
      const receipt = await timed(() => bus.to(post).send({ text: "a" }));
      fault.figure(`until a letter is store-conflict when ${which}`, receipt.ms);
      expect(receipt.value).toMatchObject({ reason: "store-conflict", delivered });
      expect(receipt.ms).toBeLessThan(delivered === "no" ? 200 : 2_000);
      expect(await problemOf(nats)).toMatch(/^the letters of post: MUOVE-MAIL_post_[\da-f]{8}: .*overlap/);
    });
  }

  failure("F36", "a stream for which no room is left to reserve is no-store, and says so", async (fault) => {
    const text = "jetstream { max_file_store: 16MB }";
    const nats = await fault.kit.nats({ on: "nats-server", jetStream: true, text });
    await using bus = await sender(nats);
    const receipt = await bus.to(post).send({ text: "a" });
    expect(receipt).toMatchObject({ reason: "no-store", delivered: "no" });
    expect(receipt).toHaveProperty("message", expect.stringMatching(/insufficient storage resources/));
    expect(await problemOf(nats)).toMatch(/insufficient storage resources/);
  });
}
