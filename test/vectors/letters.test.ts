// The vectors of kept mail: what senders store and make of the answer, what owners make of letters, and ask of JetStream.

import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type Nats, type Testkit, testkit } from "@muove/testkit";
import { type Bus, type ConnectOptions, cast, connect, type LetterContext, mailbox } from "muove";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import type { Frame } from "../support/frames.js";
import { natsServerThatKeepsMail } from "../support/nats-server.js";
import type { RawClient } from "../support/raw-client.js";
import { until } from "../support/until.js";
import {
  type Bytes,
  listening,
  type Masks,
  masked,
  masksFor,
  messageIn,
  type Named,
  partsOf,
  publish,
} from "./wire.js";

const program = natsServerThatKeepsMail();

// docs/protocol.md describes these vectors and this mailbox.
const mail = mailbox("mail", {
  post: cast({ input: z.object({ text: z.string() }), durable: true }),
  once: cast({ input: z.object({ text: z.string() }), durable: { tries: 1 } }),
});

interface Sent extends Named, Bytes {
  readonly kind: "letter";
  readonly bus: ConnectOptions;
  readonly meta?: { readonly tenant: string };
  readonly letter: { readonly id: string; readonly input: { readonly text: string } };
  readonly subject: string;
  readonly reply: string;
}

interface Read extends Named {
  readonly kind: "receipt";
  /** The answer to the letter of J-01. */
  readonly reply: Bytes;
  readonly receipt: object;
}

interface Kept extends Named {
  readonly kind: "delivery";
  /** What a sender, or an owner, has stored. */
  readonly stored: Bytes & { readonly subject: string };
  /** What the owner publishes then, in this order. */
  readonly published: readonly (Bytes & { readonly subject: string })[];
}

interface Asked extends Named {
  readonly kind: "api";
  readonly subject: string;
  readonly json: object;
}

type Vector = Sent | Read | Kept | Asked;

const all: readonly Vector[] = JSON.parse(readFileSync(new URL("messages.json", import.meta.url), "utf8"));
const named = <V extends Vector>(kind: V["kind"]): [string, V][] =>
  all.filter((vector): vector is V => vector.kind === kind).map((vector) => [`${vector.id} ${vector.title}`, vector]);

const masks: Masks = [
  [/(\$JS\.ACK\.MUOVE-MAIL_mail_\w+\.[\w-]+\.\d+)\.\d+\.\d+\.\d{19}\.\d+/g, "$1.<figures>"],
  [/(MUOVE-MAIL_mail_\w+)\/\d+/g, "$1/<sequence>"],
  [/(\/r\d+\/p\d+)\/\d{19}/g, "$1/<stored>"],
  [/\b\d{13}\b/g, "<time>"],
  [/"delay":\d+/, '"delay":<ns>'],
];

/** Of a sender of letters. */
const meta = z.object({ tenant: z.string() }).partial();

const nothing: Bytes = { headers: "", payload: {} };
const ofHex = ({ hex = "" }: Bytes["payload"]): string => Buffer.from(hex, "hex").toString("latin1");

/** What a connection has heard, masked. Text has one character for each byte. */
const messagesIn = (frames: readonly Frame[]) =>
  frames.filter(isMessage).map((frame) => {
    const [, subject, , headers, payload] = partsOf(frame);
    return { subject: masked(subject, masks), headers: masked(headers, masks), payload: masked(payload, masks) };
  });

const isMessage = ({ verb }: Frame): boolean => verb === "MSG" || verb === "HMSG";

describe.skipIf(program === undefined)("[needs nats-server 2.10 or later] kept mail", () => {
  let kit: Testkit;
  let server: Nats;
  let owner: Bus;
  let api: RawClient;

  beforeAll(async () => {
    kit = testkit();
    server = await kit.nats({ on: "nats-server", jetStream: true, program: program as string });
    api = await listening(server, ["$JS.API.STREAM.CREATE.>", "$JS.API.CONSUMER.CREATE.>"]);
    owner = connect({ service: "mail", servers: server.url, logger: false });
    owner.serve(mail, { post: handle, once: handle });
    await until("its letterbox is open", () => api.frames.filter(isMessage).length === 11);
  });

  afterAll(async () => {
    await owner?.close({ timeout: 1 });
    await api?.close();
    await kit?.close();
  });

  // On a server without JetStream: the vectors answer in place of a stream.
  describe("of a sender", () => {
    let plain: Nats;
    const joined = async (options: ConnectOptions) => {
      const bus = connect({ ...options, servers: plain.url, logger: false, meta });
      onTestFinished(() => bus.close({ timeout: 1 }));
      await until("the bus is connected", () => bus.status.connection.state === "up");
      return bus;
    };

    beforeAll(async () => {
      plain = await kit.nats({ on: "nats-server", program: program as string });
    });

    test.each(named<Sent>("letter"))("is %s", async (_name, vector) => {
      const bus = await joined(vector.bus);
      const ear = await listening(plain, [vector.subject]);
      const { id, input } = vector.letter;
      void bus.to(mail, { meta: vector.meta ?? {} }).post(input, { id });
      const [, subject, reply, headers, payload] = partsOf(await messageIn(ear));
      const own = masksFor(bus);
      expect({ subject, reply: masked(reply, own), headers: masked(headers, own), payload }).toEqual({
        subject: vector.subject,
        reply: vector.reply,
        headers: vector.headers,
        payload: ofHex(vector.payload),
      });
      await ear.close();
    });

    test.each(named<Read>("receipt"))("has the receipt of %s", async (_name, { reply, receipt }) => {
      const bus = await joined({ service: "shop" });
      const stream = await listening(plain, ["muove-mail.mail.d.post"]);
      const sent = bus.to(mail).post({ text: "hello" }, { id: "order-7" });
      const [, , to] = partsOf(await messageIn(stream));
      publish(stream, to, "", reply);
      expect(await sent).toMatchObject(receipt);
      await stream.close();
    });
  });

  test.each(named<Kept>("delivery"))("an owner gets %s", async (_name, { stored, published }) => {
    const ear = await listening(server, ["muove-mail.>", "$JS.ACK.>", "_INBOX.purged"]);
    const naks = published.some(({ payload: { text = "" } }) => text.startsWith("-NAK"));
    // A level may give back what is not due before or after the letter is acknowledged there.
    const heard = () =>
      messagesIn(ear.frames)
        .slice(1)
        .filter(({ payload }) => naks || !payload.startsWith("-NAK"));
    publish(ear, stored.subject, "", stored);
    await ear.until(() => heard().length >= published.length);
    const seen = heard().slice(0, published.length);
    expect(seen).toEqual(
      published.map(({ payload, ...rest }) => ({ ...rest, payload: payload.text ?? ofHex(payload) })),
    );
    // What is put aside must not come while the next vector runs.
    publish(
      ear,
      `$JS.API.STREAM.PURGE.${/MUOVE-MAIL_\w+/.exec(api.frames.map(({ line }) => line).join())?.[0]}`,
      "_INBOX.purged",
      nothing,
    );
    await ear.until(() => ear.frames.some(({ line }) => line.includes("_INBOX.purged")));
    await ear.close();
  });

  test.each(named<Asked>("api"))("asks for %s", async (_name, { subject, json }) => {
    const parts = api.frames.filter(isMessage).map(partsOf);
    const [, , , , body = ""] = parts.find(([, to]) => to === subject) ?? [];
    expect(JSON.parse(body)).toEqual(json);
  });
});

/** Does what the text says. */
async function handle({ text }: { text: string }, ctx: LetterContext) {
  if (text === "bury") return ctx.bury("no address: Ü");
  if (text === "later") return ctx.later(60_000);
  if (text === "throw" || (text === "throw once" && ctx.attempt === 1)) throw new Error("a jam");
  if (text === "slow") await sleep(2_000, undefined, { signal: ctx.signal });
  return undefined;
}
