import { eventually, type Nats } from "@muove/testkit";
import { type Bus, cast, connect, type Handlers, mailbox, provisionMail } from "muove";
import { z } from "zod";
import { type GuideUser, mailUsers, toUser } from "../../support/guide-conf.js";
import { Peer } from "./peer.js";
import type { Attack } from "./threat.js";

const text = z.object({ text: z.string() });

export const letters = mailbox(
  "letters",
  { post: cast({ input: text, durable: { tries: 2 } }), print: cast({ input: text, durable: { tries: 2 } }) },
  { mail: { maxBytes: 2 * 1_048_576 } },
);

export const root = "muove-mail.letters.";
export const stream = "MUOVE-MAIL_letters_947e4388";

type LetterHandlers = Handlers<(typeof letters)["messages"]>;

/** A peer that may do what a sender may, and what every service may. */
const evil: GuideUser = {
  user: "evil",
  pass: "secret-6",
  subscribe: ["_INBOX_muove.evil.>"],
  publish: [`${root}d.*`, "_INBOX_muove.>", "_INBOX.>"],
};

/** A NATS with the users of docs/mail.md, provisioned, and the peer. */
export class MailScene {
  readonly #nats: Nats;
  readonly #open: { close(): Promise<void> }[] = [];

  static async set({ kit }: Attack, run: (scene: MailScene) => Promise<void>): Promise<void> {
    const users = [...mailUsers(), evil].map(toUser);
    const scene = new MailScene(await kit.nats({ on: "nats-server", jetStream: true, config: { auth: { users } } }));
    try {
      await provisionMail(await scene.bus("operator"), [letters]);
      await run(scene);
    } finally {
      for (const each of scene.#open.reverse()) await each.close();
    }
  }

  private constructor(nats: Nats) {
    this.#nats = nats;
  }

  async bus(user: "clinic" | "letters" | "operator"): Promise<Bus> {
    const pass = mailUsers().find((each) => each.user === user)?.pass ?? "";
    const bus = connect({ service: user, servers: this.#nats.url, credentials: { user, pass }, logger: false });
    this.#open.push(bus);
    await bus.connected();
    return bus;
  }

  /** An owner, with handlers that do nothing but for those given. */
  async owner(own: Partial<LetterHandlers> = {}): Promise<Bus> {
    const bus = await this.bus("letters");
    bus.serve(letters, { post() {}, print() {}, ...own });
    await eventually(() => bus.status.mailboxes[0]?.letters?.kept !== undefined);
    return bus;
  }

  async peer(): Promise<Peer> {
    const { user, pass } = evil;
    const peer = await Peer.open(this.#nats.port, { user, pass });
    this.#open.push(peer);
    await peer.subscribe(inbox);
    return peer;
  }
}

/** The peer's inbox. */
export const inbox = "_INBOX_muove.evil.1";

/** Lets the peer store a letter, or not; returns what the stream answers. */
export async function stored(peer: Peer, headers: readonly string[], payload = '{"text":"evil"}'): Promise<string> {
  peer.forget();
  peer.publish(`${root}d.post`, { reply: inbox, headers, payload });
  await peer.until(() => peer.heard.length > 0);
  return peer.heard[0]?.payload ?? "";
}
