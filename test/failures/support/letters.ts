import { existsSync, readFileSync } from "node:fs";
import { eventually, type Service } from "@muove/testkit";
import type { NatsConnection } from "@nats-io/transport-node";
import { type Bus, type ConnectOptions, connect, type LetterReceipt } from "muove";
import { plainClient } from "../../conformance/support/plain.js";
import type { PostEntry } from "../../services/post-contract.js";
import { connected } from "./bus.js";
import type { Fault } from "./failure.js";
import { temporaryFile } from "./file.js";
import { startService } from "./services.js";

type Nats = { readonly url: string; readonly port: number };

/** What the owners of the letters did with them, in all their processes. */
export class Journal {
  readonly file = temporaryFile("post");

  get entries(): PostEntry[] {
    if (!existsSync(this.file)) return [];
    const lines = readFileSync(this.file, "utf8").split("\n").slice(0, -1); // The last one is empty, or half written.
    return lines.map((line): PostEntry => JSON.parse(line));
  }

  of(what: PostEntry["what"], entries = this.entries): PostEntry[] {
    return entries.filter((entry) => entry.what === what);
  }

  /** How often each text was handled. */
  get handled(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { text } of this.of("handled")) counts.set(text, (counts.get(text) ?? 0) + 1);
    return counts;
  }

  /** Resolves when each of them was handled. */
  async untilHandled(texts: Iterable<string>, within = 15_000): Promise<void> {
    const all = [...texts];
    await eventually(() => missing(all, this.handled).length === 0, { within, what: "every letter is handled" });
  }
}

export const missing = (texts: readonly string[], handled: ReadonlyMap<string, number>): string[] =>
  texts.filter((text) => !handled.has(text));

export const twice = (handled: ReadonlyMap<string, number>): string[] =>
  [...handled].filter(([, times]) => times > 1).map(([text]) => text);

/** Resolves when owners have begun with so many letters; the same one counts again at another owner. */
export async function untilBegun(journal: Journal, count: number, within = 15_000): Promise<void> {
  await eventually(() => journal.of("began").length >= count, { within, what: `${count} letters have begun` });
}

/** Starts an owner of the letters in its own process. Resolves when it is connected. */
export function startPost(fault: Pick<Fault, "kit">, nats: Nats, journal: Journal, env = {}): Promise<Service> {
  return startService(fault, "post", nats, { JOURNAL: journal.file, ...env });
}

/** A sender of letters, connected. */
export async function sender(nats: Nats, options: Partial<ConnectOptions> = {}): Promise<Bus> {
  const bus = connect({ service: "sender", servers: nats.url, logger: false, ...options });
  await connected(bus);
  return bus;
}

/** What became of letters, such as `{ stored: 90, "timeout/maybe": 10 }`. */
export function receipts(all: readonly LetterReceipt[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const receipt of all) {
    const { status } = receipt;
    const key = status === "stored" ? status : `${receipt.reason}/${receipt.delivered}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

interface ApiAnswer {
  readonly success?: boolean;
  readonly error?: { readonly err_code: number };
  readonly streams?: readonly { readonly config: { readonly name: string } }[];
  readonly state?: { readonly messages: number; readonly first_seq: number; readonly last_seq: number };
  readonly cluster?: { readonly leader?: string };
  readonly message?: { readonly subject: string; readonly hdrs: string; readonly data?: string };
}

export interface Dead {
  readonly subject: string;
  readonly headers: string;
  readonly payload: Buffer;
}

/** JetStream, as a plain client sees it. */
export class Store {
  readonly client: NatsConnection;

  private constructor(client: NatsConnection) {
    this.client = client;
  }

  /** @param user whose password is its name. */
  static async of(nats: Nats, user?: string): Promise<Store> {
    return new Store(await plainClient(nats, user));
  }

  async api(request: string, body: unknown = {}): Promise<ApiAnswer> {
    const answer = await this.client.request(`$JS.API.${request}`, JSON.stringify(body), { timeout: 5_000 });
    return answer.json<ApiAnswer>();
  }

  /** The name of a stream of a mailbox: `MAIL` of its letters, `DEAD` of its dead ones. */
  async stream(which: "MAIL" | "DEAD"): Promise<string> {
    const { streams = [] } = await this.api("STREAM.LIST");
    const names = streams.map(({ config }) => config.name);
    return names.find((name) => name.startsWith(`MUOVE-${which}_post_`)) ?? "none";
  }

  /** Resolves when the streams and consumers of the mailbox are there. */
  async untilProvided(): Promise<void> {
    const last = async () => await this.api(`CONSUMER.INFO.${await this.stream("MAIL")}._retry-6`);
    await eventually(async () => (await last()).error === undefined, { what: "streams and consumers are there" });
  }

  async count(which: "MAIL" | "DEAD"): Promise<number> {
    const { state } = await this.api(`STREAM.INFO.${await this.stream(which)}`);
    return state?.messages ?? Number.NaN;
  }

  async untilCount(which: "MAIL" | "DEAD", count: number, within = 15_000): Promise<void> {
    await eventually(async () => (await this.count(which)) === count, {
      within,
      what: `${which} has ${count} letters`,
    });
  }

  async dead(): Promise<Dead[]> {
    const stream = await this.stream("DEAD");
    const { first_seq = 1, last_seq = 0 } = (await this.api(`STREAM.INFO.${stream}`)).state ?? {};
    const dead: Dead[] = [];
    for (let seq = first_seq; seq <= last_seq; seq++) {
      const { message } = await this.api(`STREAM.MSG.GET.${stream}`, { seq });
      if (message === undefined) continue;
      const headers = Buffer.from(message.hdrs, "base64").toString();
      dead.push({ subject: message.subject, headers, payload: Buffer.from(message.data ?? "", "base64") });
    }
    return dead;
  }
}
