// A system of two services with the users of the guide's nats.conf, and a check for everything that it does.

import { eventually, type Testkit } from "@muove/testkit";
import { connect as connectToNats, type NatsConnection } from "@nats-io/transport-node";
import { type Bus, connect } from "muove";
import { type GuideUser, guideConfig, toUser } from "../support/guide-conf.js";
import { basket, stock } from "../threats/services/contract.js";
import { serveStock } from "../threats/services/serve.js";

/** More users: a caller of basket, a plain client that is also a tool, and one that hears everything. */
const others: readonly GuideUser[] = [
  { user: "shop", pass: "s", subscribe: ["_INBOX_muove.shop.>"], publish: ["muove.basket.*"] },
  { user: "plain", pass: "p", subscribe: ["_INBOX.>"], publish: ["muove.stock.level", "muove.basket.check", "$SRV.>"] },
  { user: "ear", pass: "e", subscribe: [">"], publish: ["nothing"] },
];

/** How long a check waits, in ms. */
const patience = 1_500;
const tea = { sku: "tea" };

export class GuideSystem {
  readonly stock: Bus;
  readonly basket: Bus;
  readonly #shop: Bus;
  readonly #plain: NatsConnection;
  readonly #ear: NatsConnection;
  readonly #heard: string[] = [];
  /** What the permissions have refused the two services. */
  readonly forbidden: string[] = [];
  readonly #served: ReturnType<typeof serveStock>;
  #events = 0;

  /** @param users the guide's users, or some with fewer rights. */
  static async start(kit: Testkit, on: "embedded" | "nats-server", users: readonly GuideUser[]): Promise<GuideSystem> {
    const { url } = await kit.nats({ on, config: guideConfig(others.map(toUser), users) });
    const all = [...users, ...others];
    const bus = (name: string): Bus => {
      const { user, pass } = all.find(({ user }) => user === name) as GuideUser;
      const tags = { region: "eu" };
      return connect({ service: user, servers: url, credentials: { user, pass }, tags, logger: false });
    };
    const ear = await connectToNats({ servers: url, user: "ear", pass: "e" });
    const plain = await connectToNats({ servers: url, user: "plain", pass: "p" });
    return new GuideSystem([bus("stock"), bus("basket"), bus("shop")], plain, ear);
  }

  private constructor([stockBus, basketBus, shop]: [Bus, Bus, Bus], plain: NatsConnection, ear: NatsConnection) {
    [this.stock, this.basket, this.#shop] = [stockBus, basketBus, shop];
    [this.#plain, this.#ear] = [plain, ear];
    for (const bus of [this.stock, this.basket])
      bus.on("forbidden", ({ operation, subject }) => this.forbidden.push(`${operation} ${subject}`));
    ear.subscribe(">", { callback: (_, { subject }) => void this.#heard.push(subject) });
    this.#served = serveStock(this.stock);
    this.basket.serve(basket, { check: () => ({ available: true }) });
    this.basket.on(stock.events.soldOut, () => void this.#events++);
  }

  /** The names of the checks that fail. */
  async failures(): Promise<string[]> {
    await eventually(() => [this.stock, this.basket, this.#shop].every((bus) => bus.status.connection.state === "up"));
    const checks = Object.entries(this.#checks);
    const works = await Promise.all(checks.map(([, check]) => check()));
    const goodbyes = await this.#goodbyes();
    return [...checks.flatMap(([what], i) => (works[i] ? [] : [what])), ...goodbyes];
  }

  async close(): Promise<void> {
    for (const bus of [this.#shop, this.basket, this.stock]) await bus.close();
    for (const client of [this.#plain, this.#ear]) await client.close();
  }

  get #checks(): Readonly<Record<string, () => Promise<boolean>>> {
    const { basket: caller, stock: service } = this;
    return {
      "stock opens": async () => service.health.ready && service.status.mailboxes[0]?.state === "open",
      "basket opens": async () => caller.health.ready && caller.status.mailboxes[0]?.state === "open",
      "call stock": () => ok(caller.to(stock).level(tea)),
      "call basket": () => ok(this.#shop.to(basket).check(tea)),
      "cast to stock": () => this.#cast(),
      "cancel a call": () => this.#cancel(),
      "write to tags": () => ok(caller.to(stock, { tags: { region: "eu" } }).level(tea)),
      "write to an instance": () => ok(caller.to(stock, { instance: service.status.instance }).level(tea)),
      "write by key": () => ok(caller.to(stock, { key: "tea" }).level(tea)),
      "write to everyone": () => this.#everyone(),
      "monitor stock": () => this.#monitor(),
      "hear the events of stock": () => this.#event(),
      "a plain client calls stock": () => this.#asks("muove.stock.level", /pieces/),
      "a plain client calls basket": () => this.#asks("muove.basket.check", /available/),
      "tools see all": async () => (await this.#tools("$SRV.PING")) === "basket stock",
      "tools learn from all": async () => (await this.#tools("$SRV.INFO")) === "basket stock",
      "tools count all": async () => (await this.#tools("$SRV.STATS")) === "basket stock",
      "tools see stock by name": async () => (await this.#tools("$SRV.INFO.stock")) === "stock",
      "tools see basket by name": async () => (await this.#tools("$SRV.INFO.basket")) === "basket",
      "tools see an instance of stock": async () =>
        (await this.#tools(`$SRV.STATS.stock.${service.status.instance}`)) === "stock",
      "tools see an instance of basket": async () =>
        (await this.#tools(`$SRV.STATS.basket.${caller.status.instance}`)) === "basket",
    };
  }

  async #cast(): Promise<boolean> {
    this.basket.to(stock).sold({ id: "cast" });
    return await within(() => this.#served.ledger.ids.includes("cast"));
  }

  async #cancel(): Promise<boolean> {
    const abort = new AbortController();
    const call = this.basket.to(stock).wait({ ms: 3 * patience }, { signal: abort.signal });
    await within(() => (this.#served.ledger.started.wait ?? 0) > 0);
    abort.abort();
    await call;
    return await within(() => this.#served.ledger.aborted > 0);
  }

  async #everyone(): Promise<boolean> {
    const outcomes: string[] = [];
    for await (const { outcome } of this.basket.toAll(stock).level(tea, { timeout: patience }))
      outcomes.push(outcome.status);
    return outcomes.join() === "ok";
  }

  async #monitor(): Promise<boolean> {
    using monitor = this.basket.monitor(stock);
    return (await monitor.whenSettled({ timeout: patience })) && monitor.instances.length === 1;
  }

  async #event(): Promise<boolean> {
    this.#served.own.publish.soldOut(tea);
    return await within(() => this.#events > 0);
  }

  async #asks(subject: string, answer: RegExp): Promise<boolean> {
    const msg = await this.#plain.request(subject, JSON.stringify(tea), { timeout: patience }).catch(() => undefined);
    return answer.test(msg?.string() ?? "");
  }

  /** The names of the services that answer a question of the service API. */
  async #tools(question: string): Promise<string> {
    const names: string[] = [];
    const answers = await this.#plain.requestMany(question, "", { strategy: "timer", maxWait: patience });
    for await (const msg of answers) if (msg.data.length > 0) names.push(msg.json<{ name: string }>().name);
    return names.sort().join(" ");
  }

  /** Closes both services, and checks that their goodbyes are heard. */
  async #goodbyes(): Promise<string[]> {
    const failures: string[] = [];
    for (const bus of [this.basket, this.stock]) {
      const { service, instance } = bus.status;
      this.#heard.length = 0;
      await bus.close();
      const heard = await within(() => this.#heard.includes(`muove-presence.${service}.${service}.${instance}`));
      if (!heard) failures.push(`hear ${service} go`);
    }
    return failures;
  }
}

const ok = async (outcome: PromiseLike<{ readonly status: string }>): Promise<boolean> =>
  (await outcome).status === "ok";

const within = (condition: () => boolean): Promise<boolean> =>
  eventually(condition, { within: patience }).then(
    () => true,
    () => false,
  );
