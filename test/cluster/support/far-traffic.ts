import { setTimeout as sleep } from "node:timers/promises";
import type { Nats } from "@muove/testkit";
import { type Bus, call, connect, event, mailbox, type Publish } from "muove";
import { onTestFinished } from "vitest";
import { z } from "zod";
import { until } from "../../support/until.js";

const numbered = z.object({ id: z.int() });
const desk = mailbox("desk", { take: call({ input: numbered, timeout: 10_000 }) });
const news = mailbox("news", { told: event({ input: numbered }), shared: event({ input: numbered }) });

/** How a message is sent, and whether every member must handle it, or one of them. */
const ways = { key: false, any: false, everyone: true, event: true, group: false } as const;
type Way = keyof typeof ways;
const names = Object.keys(ways) as Way[];

/** Longer than any copy of a message is on its way, in ms. */
const stragglers = 1_000;

/**
 * Traffic between services that have a member on each of these servers: calls by key, to any member and to everyone,
 * and events to each member and to a group of them. It counts what is handled twice, and what is lost.
 */
export class FarTraffic {
  readonly members: readonly Bus[];
  readonly callers: readonly Bus[];
  readonly #publishers: Publish<typeof news.messages>[] = [];
  /** How often it was handled, by way, message and, where every member must handle it, member. */
  readonly #handled = new Map<string, number>();
  readonly #greeted = new Set<string>();
  readonly #failures: string[] = [];
  #expected = 0;
  #ids = 0;
  #stopped = false;
  #sending: Promise<unknown> = Promise.resolve();

  constructor(servers: readonly Nats[]) {
    this.members = servers.map(({ url }, member) => this.#serve(url, member));
    this.callers = servers.map(({ url }) => this.#call(url));
  }

  get buses(): Bus[] {
    return [...this.members, ...this.callers];
  }

  /** How many messages were sent in each way. */
  get sent(): number {
    return Math.floor(this.#ids / names.length);
  }

  /** Resolves when so many more were sent in each way. */
  async more(messages: number): Promise<void> {
    const enough = this.sent + messages;
    await until("more messages were sent", () => this.sent >= enough, 60_000);
  }

  /** Sends messages of every kind from every caller, `rate` of each in a second, once everybody is known to everybody. */
  async start(rate: number): Promise<void> {
    const known = this.callers.map((caller) => caller.monitor(desk));
    await until("every caller knows every member", () =>
      known.every(({ instances }) => instances.length === this.members.length),
    );
    await until("every member hears every caller", async () => {
      for (const [caller, publish] of this.#publishers.entries()) publish.told({ id: -1 - caller });
      await sleep(50);
      return this.#greeted.size === this.members.length * this.callers.length;
    });
    for (const monitor of known) monitor.stop();
    onTestFinished(() => {
      this.#stopped = true;
    });
    this.#sending = Promise.all(this.callers.map((caller, i) => this.#send(caller, i, rate)));
  }

  /** Sends no more. Resolves when everything has arrived that ever will. */
  async stop() {
    this.#stopped = true;
    await this.#sending;
    await sleep(stragglers);
    const twice = [...this.#handled].filter(([, times]) => times > 1).map(([what]) => what);
    return { sent: this.sent, twice, lost: this.#expected - this.#handled.size, failures: this.#failures };
  }

  #serve(url: string, member: number): Bus {
    const bus = opened("desk", url);
    bus.serve(desk, { take: ({ id }) => this.#took(wayOf(id), id, member) }, room);
    const heard =
      (way: Way) =>
      ({ id }: { id: number }) => {
        if (id >= 0) this.#took(way, id, member);
        else this.#greeted.add(`${id} ${member}`);
      };
    bus.on(news.events.told, heard("event"), room);
    bus.on(news.events.shared, heard("group"), { group: "g", ...room });
    return bus;
  }

  #call(url: string): Bus {
    const bus = opened("news", url);
    this.#publishers.push(bus.serve(news, {}).publish);
    return bus;
  }

  #took(way: Way, id: number, member: number): void {
    const what = ways[way] ? `${way} ${id} by ${member}` : `${way} ${id}`;
    this.#handled.set(what, (this.#handled.get(what) ?? 0) + 1);
  }

  async #send(caller: Bus, at: number, rate: number): Promise<void> {
    const begun = performance.now();
    const underWay: Promise<void>[] = [];
    for (let round = 0; !this.#stopped; ) {
      if (performance.now() < begun + (round * 1_000) / rate) await sleep(1);
      else underWay.push(this.#round(caller, at, round++));
    }
    await Promise.all(underWay);
  }

  async #round(caller: Bus, at: number, round: number): Promise<void> {
    const next = (way: Way): { id: number } => {
      this.#expected += ways[way] ? this.members.length : 1;
      return { id: this.#ids++ * names.length + names.indexOf(way) };
    };
    this.#publishers[at]?.told(next("event"));
    this.#publishers[at]?.shared(next("group"));
    const one = [caller.to(desk).take(next("any")), caller.to(desk, { key: `${round % 50}` }).take(next("key"))];
    const all = caller.toAll(desk).take(next("everyone"));
    const outcomes = await Promise.all(one);
    for await (const { outcome } of all) outcomes.push(outcome);
    for (const outcome of outcomes) if (outcome.status !== "ok") this.#failures.push(outcome.message);
  }
}

/** On a busy machine, a second of traffic may come at once. */
const room = { backlog: 100_000 };

const wayOf = (id: number): Way => names[id % names.length] as Way;

function opened(service: string, servers: string): Bus {
  const bus = connect({ service, servers, logger: false });
  onTestFinished(() => bus.close({ timeout: 1 }));
  return bus;
}
