import { eventually } from "@muove/testkit";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import type { Dead } from "./records.js";

interface Answer {
  readonly error?: { readonly description: string };
  readonly streams?: readonly { readonly config: { readonly name: string } }[];
  readonly state?: { readonly messages: number; readonly first_seq: number; readonly last_seq: number };
  readonly message?: { readonly seq: number; readonly hdrs: string };
}

/** How many dead letters are read at a time. */
const batch = 64;

/** What JetStream keeps for a mailbox, as a plain client sees it. */
export class Store {
  readonly client: NatsConnection;
  readonly #mailbox: string;

  private constructor(client: NatsConnection, mailbox: string) {
    this.client = client;
    this.#mailbox = mailbox;
  }

  static async open(port: number, mailbox: string): Promise<Store> {
    return new Store(await connect({ port, timeout: 10_000 }), mailbox);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
  }

  async api(request: string, body: object = {}): Promise<Answer> {
    const answer = await this.client.request(`$JS.API.${request}`, JSON.stringify(body), { timeout: 10_000 });
    return answer.json<Answer>();
  }

  /** The name of its stream of letters, or of dead ones. */
  async stream(which: "MAIL" | "DEAD"): Promise<string> {
    const { streams = [] } = await this.api("STREAM.LIST");
    const names = streams.map(({ config }) => config.name);
    const found = names.find((name) => name.startsWith(`MUOVE-${which}_${this.#mailbox}_`));
    if (found === undefined) throw new Error(`there is no ${which} of ${this.#mailbox}: ${names.join(", ")}`);
    return found;
  }

  /** How many letters wait, or are in work. */
  async count(): Promise<number> {
    const { state } = await this.api(`STREAM.INFO.${await this.stream("MAIL")}`);
    return state?.messages ?? Number.NaN;
  }

  /** Resolves when no letter waits or is in work, and to how many do when the time (in ms) is over. */
  async empty(within: number): Promise<number> {
    const none = async (): Promise<boolean> => (await this.count()) === 0;
    await eventually(none, { within, every: 200, what: "all letters are gone" }).catch(() => {});
    return await this.count();
  }

  async dead(): Promise<Dead[]> {
    const stream = await this.stream("DEAD");
    const { first_seq = 1, last_seq = 0 } = (await this.api(`STREAM.INFO.${stream}`)).state ?? {};
    const dead: Dead[] = [];
    for (let seq = first_seq; seq <= last_seq; seq += batch) {
      const some = Array.from({ length: Math.min(batch, last_seq - seq + 1) }, (_, i) => seq + i);
      const answers = await Promise.all(some.map((each) => this.api(`STREAM.MSG.GET.${stream}`, { seq: each })));
      dead.push(...answers.flatMap(({ message }) => (message === undefined ? [] : [deadIn(message.hdrs)])));
    }
    return dead;
  }
}

function deadIn(encoded: string): Dead {
  const headers = Buffer.from(encoded, "base64").toString();
  const [, id = "?"] = /^Muove-Id: (.*)\r$/m.exec(headers) ?? [];
  const [reason = "?", , , , , at] = /^Muove-Dead: (.*)\r$/m.exec(headers)?.[1]?.split(" ") ?? [];
  return { type: "dead", id, reason, at: Number(at) };
}

/** The id in the headers of a letter, encoded as the API gives them. */
export const idIn = (encoded: string): string | undefined =>
  /^Muove-Id: (.*)\r$/m.exec(Buffer.from(encoded, "base64").toString())?.[1];
