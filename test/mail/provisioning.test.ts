// Streams and consumers that are made before anybody needs them.

import { eventually } from "@muove/testkit";
import { cast, MailError, mailbox, provisionMail } from "muove";
import { expect, test } from "vitest";
import { z } from "zod";
import { plainClient } from "../conformance/support/plain.js";
import { handlers, letters } from "./support/contract.js";
import { describeMail, jetStream, join } from "./support/jetstream.js";

type Client = Awaited<ReturnType<typeof plainClient>>;

interface Answer {
  readonly config: Record<string, unknown>;
  readonly state?: { readonly messages: number };
  readonly error?: object;
}

const api = async (client: Client, request: string, body: unknown = ""): Promise<Answer> =>
  (await client.request(`$JS.API.${request}`, body === "" ? "" : JSON.stringify(body))).json<Answer>();

const streamName = /^MUOVE-MAIL_letters_\w{8}$/;

describeMail("provisionMail()", () => {
  test("makes all that is missing, over a bus or a connection of its own, and then nothing more", async () => {
    const nats = await jetStream();
    const [dry] = await provisionMail({ service: "setup", servers: nats.url, logger: false }, [letters], {
      dryRun: true,
    });
    expect(dry?.steps.map(({ action }) => action)).toEqual(Array(11).fill("create"));
    const client = await plainClient(nats);
    const stream = dry?.steps[0]?.name ?? "";
    expect(stream).toMatch(streamName);
    expect((await api(client, `STREAM.INFO.${stream}`)).error).toBeDefined();

    const bus = await join(nats, "setup");
    const [made] = await provisionMail(bus, [letters]);
    expect(made).toMatchObject({ mailbox: "letters", complete: true });
    expect(made?.steps.map(({ action }) => action)).toEqual(Array(11).fill("create"));
    for (let times = 0; times < 2; times++) {
      const [again] = await provisionMail(bus, [letters]);
      expect(again?.steps.map(({ action }) => action)).toEqual(Array(11).fill("none"));
    }
    expect(bus.status.connection.state).toBe("up");
  });

  test("finds nothing to do where services made them", async () => {
    const nats = await jetStream();
    const owner = await join(nats, "letters");
    owner.serve(letters, handlers());
    await owner.to(letters).post({ text: "x" });
    await eventually(() => owner.status.counts.lettersHandled === 1);
    const [found] = await provisionMail(owner, [letters]);
    expect(found?.steps.filter(({ action }) => action !== "none")).toEqual([]);
  });

  test("changes what can be changed, keeps letters and what operators have set, and says what is fixed", async () => {
    const nats = await jetStream();
    const bus = await join(nats, "setup");
    const before = mailbox(
      "letters",
      { post: letters.messages.post },
      { mail: { maxBytes: 4 * 1_048_576, storage: "memory" } },
    );
    await provisionMail(bus, [before]);
    await bus.to(before).post({ text: "x" });
    await bus.mail(before).pause("post");
    const client = await plainClient(nats);
    const [{ steps = [] } = {}] = await provisionMail(bus, [letters], { dryRun: true });
    const stream = steps[0]?.name ?? "";
    await api(client, `STREAM.UPDATE.${stream}`, {
      ...(await api(client, `STREAM.INFO.${stream}`)).config,
      description: "ours",
      allow_rollup_hdrs: true,
    });
    const { config } = await api(client, `CONSUMER.INFO.${stream}.post`);
    await api(client, `CONSUMER.CREATE.${stream}.post`, { stream_name: stream, config: { ...config, ack_wait: 30e9 } });

    const expected = [
      {
        kind: "stream",
        action: "update",
        changes: [
          { setting: "max_bytes", expected: 8 * 1_048_576, found: 4 * 1_048_576 },
          { setting: "allow_rollup_hdrs", expected: false, found: true },
        ],
        fixed: [{ setting: "storage", expected: "file", found: "memory" }],
      },
      { kind: "stream", action: "update", changes: [{ setting: "max_bytes" }], fixed: [{ setting: "storage" }] },
      { kind: "consumer", name: "post", action: "update", changes: [{ setting: "ack_wait", found: 30e9 }], fixed: [] },
      { kind: "consumer", name: "print", action: "create" },
    ];
    const planned = await provisionMail(bus, [letters], { dryRun: true });
    expect(planned[0]?.steps.slice(0, 4).map(byChanges)).toMatchObject(expected.map(byChanges));
    expect((await api(client, `STREAM.INFO.${stream}`)).config.max_bytes).toBe(4 * 1_048_576);
    const [done] = await provisionMail(bus, [letters]);
    expect(done?.steps.slice(0, 4).map(byChanges)).toMatchObject(expected.map(byChanges));
    expect(done?.complete).toBe(false);
    const [after] = await provisionMail(bus, [letters]);
    expect(after?.steps.slice(0, 4).map(({ action }) => action)).toEqual(["blocked", "blocked", "none", "none"]);
    const now = await api(client, `STREAM.INFO.${stream}`);
    expect(now).toMatchObject({ config: { description: "ours", max_bytes: 8 * 1_048_576 }, state: { messages: 1 } });
    expect((await bus.mail(letters).info()).messages.post).toMatchObject({ waiting: 1, paused: true });
  });

  test("says what JetStream refuses, such as a reservation that does not fit, or another's stream on the subjects", async () => {
    const nats = await jetStream();
    const bus = await join(nats, "setup");
    const huge = mailbox("huge", { post: letters.messages.post }, { mail: { maxBytes: 2 ** 52 } });
    const client = await plainClient(nats);
    await api(client, "STREAM.CREATE.AUDIT", { name: "AUDIT", subjects: ["muove-mail.letters.>"], storage: "memory" });
    const [first, second] = await provisionMail(bus, [huge, letters]);
    expect(first).toMatchObject({ complete: false });
    expect(first?.steps[0]?.refused).toMatch(/storage|resources/);
    expect(second?.steps[0]?.refused).toMatch(/overlap/);
  });

  test("skips mailboxes without durable messages", async () => {
    const nats = await jetStream();
    expect(
      await provisionMail({ service: "setup", servers: nats.url, logger: false }, [
        mailbox("plain", { ring: cast({ input: z.string() }) }),
      ]),
    ).toEqual([]);
  });
});

/** With its changes in an order of their own. */
const byChanges = ({ changes = [], ...step }: { readonly changes?: readonly { readonly setting: string }[] }) => ({
  ...step,
  changes: [...changes].sort((a, b) => b.setting.localeCompare(a.setting)),
});

test("provisionMail() without a NATS says so", { timeout: 20_000 }, async () => {
  const asked = provisionMail({ service: "setup", servers: "127.0.0.1:1", logger: false }, [letters]);
  await expect(asked).rejects.toBeInstanceOf(MailError);
});
