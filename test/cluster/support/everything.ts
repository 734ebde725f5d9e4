import { eventually, type Nats } from "@muove/testkit";
import { connect as connectToNats } from "@nats-io/transport-node";
import { type Address, type Bus, type ConnectOptions, connect, type DeadLetter, mailbox } from "muove";
import { onTestFinished } from "vitest";
import { basket, stock } from "../../threats/services/contract.js";
import { serveStock } from "../../threats/services/serve.js";

/** Where a service or a caller connects to. */
export type Place = Pick<ConnectOptions, "servers" | "credentials" | "prefix">;

/** What depends on the server's word that nobody listens. */
export const neverAbsent = ["a call that nobody takes", "a cast that nobody takes", "a call once all have closed"];

type Instance = ReturnType<typeof serveStock> & { readonly bus: Bus; readonly place: Place };

/** How long a check waits for what may not come, in ms. */
const patience = 3_000;
const tea = { sku: "tea" };
const tags = { region: "eu" };

/** Nobody serves it. */
const absent = mailbox("stock", { gone: basket.messages.check, left: stock.messages.sold });

/** Instances of a service, and a caller elsewhere, which does everything that a caller can. */
export class Everything {
  readonly #instances: readonly Instance[];
  readonly #caller: Bus;
  readonly #from: Place;
  readonly #letters: DeadLetter[] = [];
  readonly #heard: string[] = [];

  /** Resolves when all are connected, and calls reach the service, if they ever do. */
  static async start(instances: readonly Place[], caller: Place): Promise<Everything> {
    const everything = new Everything(instances, caller);
    await eventually(() => everything.#buses.every((bus) => bus.status.connection.state === "up"));
    await within(() => everything.#call());
    return everything;
  }

  private constructor(instances: readonly Place[], caller: Place) {
    this.#instances = instances.map((place) => this.#serve(place));
    this.#from = caller;
    this.#caller = connect({ service: "caller", logger: false, ...caller });
    this.#caller.on("deadLetter", (letter) => void this.#letters.push(letter));
    this.#caller.on(stock.events.soldOut, ({ sku }) => void this.#heard.push(sku));
  }

  /** What fails, by the names of the checks. */
  async failures(): Promise<string[]> {
    const checks = Object.entries(this.#checks);
    const works = await Promise.all(checks.map(([, check]) => check()));
    const failed = checks.flatMap(([name], i) => (works[i] ? [] : [name]));
    return [...failed, ...(await this.#comingAndGoing())];
  }

  /** How a call ends. */
  async call(): Promise<string> {
    const outcome = await this.#caller.to(stock).level(tea, { timeout: patience });
    return outcome.status === "unavailable" ? outcome.reason : outcome.status;
  }

  /** The state of the caller's connection. */
  get connection(): string {
    return this.#caller.status.connection.state;
  }

  /** How many requests the instances refused because of their reply subjects. */
  get refused(): number {
    const counts = this.#instances.map(({ bus }) => bus.status.counts);
    return counts.reduce((sum, { refusedReplySubjects }) => sum + refusedReplySubjects, 0);
  }

  /** How many of so many calls each instance took. */
  async shares(calls: number, to?: Address): Promise<number[]> {
    const outcomes = await Promise.all(
      Array.from({ length: calls }, (_, i) => this.#caller.to(stock, to).reserve({ id: `share ${i}`, ms: 0 })),
    );
    const by = outcomes.map((outcome) => (outcome.status === "ok" ? outcome.value.by : undefined));
    return this.#instances.map(({ bus }) => by.filter((instance) => instance === bus.status.instance).length);
  }

  async close(): Promise<void> {
    await Promise.all(this.#buses.map((bus) => bus.close({ timeout: 1 })));
  }

  #serve(place: Place): Instance {
    const bus = connect({ service: "stock", tags, logger: false, ...place });
    return { bus, place, ...serveStock(bus) };
  }

  get #last(): Instance {
    return this.#instances.at(-1) as Instance;
  }

  get #buses(): Bus[] {
    return [this.#caller, ...this.#instances.map(({ bus }) => bus)];
  }

  get #checks(): Readonly<Record<string, () => Promise<boolean>>> {
    const { instance } = this.#last.bus.status;
    const to = (address?: Address) => () => this.#call(address);
    return {
      "a call": to(),
      "a call that nobody takes": () => this.#absent(),
      "a cast": () => this.#cast(),
      "a cast that nobody takes": () => this.#deadLetter(),
      "a cancelled call": () => this.#cancel(),
      "a call by tags": to({ tags }),
      "a call to one instance": to({ instance }),
      "a call by key": to({ key: "tea" }),
      "a call to everyone": () => this.#everyone(),
      "a cancelled call to everyone": () => this.#cancelEveryone(),
      "a monitor": () => this.#monitor(),
      "an event": () => this.#event(),
      "a plain client": () => this.#plain(),
      "the tools of NATS": () => this.#tools("$SRV.PING.stock", this.#instances.length),
      "the tools of NATS, about one instance": () => this.#tools(`$SRV.INFO.stock.${instance}`, 1),
    };
  }

  async #call(address?: Address): Promise<boolean> {
    return (await this.#caller.to(stock, address).level(tea, { timeout: patience })).status === "ok";
  }

  async #absent(): Promise<boolean> {
    const outcome = await this.#caller.to(absent).gone(tea, { timeout: patience });
    return outcome.status === "unavailable" && outcome.reason === "absent";
  }

  async #cast(): Promise<boolean> {
    this.#caller.to(stock).sold({ id: "cast" });
    return await within(() => this.#instances.some(({ ledger }) => ledger.ids.includes("cast")));
  }

  async #deadLetter(): Promise<boolean> {
    this.#caller.to(absent).left({ id: "left" });
    return await within(() => this.#letters.some(({ reason }) => reason === "absent"));
  }

  async #cancel(): Promise<boolean> {
    const before = this.#aborted;
    const abort = new AbortController();
    const call = this.#caller.to(stock).wait({ ms: 4_000 }, { signal: abort.signal });
    await within(() => this.#instances.some(({ bus }) => bus.status.mailboxes[0]?.running === 1));
    abort.abort();
    await call;
    return await within(() => this.#aborted > before);
  }

  async #everyone(): Promise<boolean> {
    const statuses: string[] = [];
    for await (const { outcome } of this.#caller.toAll(stock).level(tea, { timeout: patience }))
      statuses.push(outcome.status);
    return statuses.join() === this.#instances.map(() => "ok").join();
  }

  async #cancelEveryone(): Promise<boolean> {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 500);
    for await (const _ of this.#caller.toAll(stock).wait({ ms: 4_000 }, { signal: abort.signal }));
    return await within(() => this.#aborted >= this.#instances.length);
  }

  get #aborted(): number {
    return this.#instances.reduce((sum, { ledger }) => sum + ledger.aborted, 0);
  }

  async #monitor(): Promise<boolean> {
    using monitor = this.#caller.monitor(stock);
    await monitor.whenSettled({ timeout: patience });
    return await within(() => monitor.instances.length === this.#instances.length);
  }

  async #event(): Promise<boolean> {
    this.#instances[0]?.own.publish.soldOut(tea);
    return await within(() => this.#heard.includes("tea"));
  }

  async #plain(): Promise<boolean> {
    const { prefix } = this.#from;
    return await this.#withClient(async (client) => {
      const subject = `${prefix === undefined ? "" : `${prefix}.`}muove.stock.level`;
      return /pieces/.test((await client.request(subject, JSON.stringify(tea), { timeout: patience })).string());
    });
  }

  async #tools(question: string, expected: number): Promise<boolean> {
    return await this.#withClient(async (client) => {
      const answers: string[] = [];
      for await (const answer of await client.requestMany(question, "", { strategy: "timer", maxWait: 1_000 }))
        if (answer.data.length > 0) answers.push(answer.subject);
      return answers.length === expected;
    });
  }

  async #withClient(check: (client: Awaited<ReturnType<typeof connectToNats>>) => Promise<boolean>): Promise<boolean> {
    const { servers, credentials } = this.#from;
    const client = await connectToNats({ servers: servers as string, ...(credentials as object) });
    const works = await check(client).catch(() => false);
    await client.close();
    return works;
  }

  /** An instance comes and goes, which a monitor hears; then all close, and calls are `absent`. */
  async #comingAndGoing(): Promise<string[]> {
    using monitor = this.#caller.monitor(stock);
    await monitor.whenSettled({ timeout: patience });
    const known = monitor.instances.length;
    const bus = this.#serve(this.#last.place).bus;
    const comes = await within(() => monitor.instances.length === known + 1);
    await bus.close();
    const goes = await within(() => monitor.instances.length === known);
    for (const { bus } of this.#instances) await bus.close();
    const gone = await within(async () => {
      const outcome = await this.#caller.to(stock).level(tea, { timeout: 500 });
      return outcome.status === "unavailable" && outcome.reason === "absent";
    });
    return Object.entries({
      "a monitor of one that comes": comes,
      "a monitor of one that goes": comes && goes,
      "a call once all have closed": gone,
    }).flatMap(([name, works]) => (works ? [] : [name]));
  }
}

const within = (holds: () => boolean | Promise<boolean>): Promise<boolean> =>
  eventually(holds, { within: patience }).then(
    () => true,
    () => false,
  );

/** A place at a server, as one of its users. */
export const at = ({ url }: Nats, user?: string, pass = ""): Place =>
  user === undefined ? { servers: url } : { servers: url, credentials: { user, pass } };

/** Three instances in one place. */
export const three = (place: Place): Place[] => [place, place, place];

/** Ends after the test. */
export async function everything(instances: readonly Place[], caller: Place): Promise<Everything> {
  const all = await Everything.start(instances, caller);
  onTestFinished(() => all.close());
  return all;
}

/** What fails. */
export async function failures(instances: readonly Place[], caller: Place): Promise<string[]> {
  return await (await everything(instances, caller)).failures();
}
