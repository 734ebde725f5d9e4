import type { User } from "@muove/broker";
import { eventually, type Nats, type NatsConfig, type NatsOptions, type Service } from "@muove/testkit";
import { type Bus, type ConnectOptions, connect } from "muove";
import { guideConfig, guideUser, guideUsers } from "../../support/guide-conf.js";
import type { Tools } from "../../support/table-test.js";
import { Peer } from "./peer.js";

export interface SceneOptions {
  /** Further configuration of the server. */
  readonly config?: Omit<NatsConfig, "auth">;
  /** Further subjects that the peer may publish to. */
  readonly peerPublishes?: readonly string[];
  /** With JetStream; on nats-server only. */
  readonly jetStream?: boolean;
}

/** A user of a NATS with users. */
export type UserName = "basket" | "stock" | "evil" | "witness";

/** Services that run in their own processes; see services/. */
type Entry = "stock" | "caller";

/** Where they are built, from the sources or from the build. */
const built = import.meta.url.endsWith(".ts") ? "../../dist/threats/services/" : "../services/";

/**
 * The NATS of an attack, and its clients: services with the guide's users, the peer that attacks, and a witness.
 *
 * The peer `evil` has the rights that the guide gives to a caller of `stock` without a mailbox: to write to `stock` at
 * all its addresses, to send answers, and to read its own inbox.
 */
export class Scene {
  readonly nats: Nats;
  readonly guarded: boolean;
  readonly #tools: Tools;
  readonly #users: readonly User[];
  readonly #open: { close(): Promise<unknown> }[] = [];

  static async set({ kit, on, ...tools }: Tools, guarded: boolean, options: SceneOptions = {}): Promise<Scene> {
    const { config = {}, peerPublishes = [], jetStream } = options;
    const access = guarded ? guideConfig([evil(peerPublishes), witness]) : {};
    const { users = [] } = (access.auth ?? {}) as { users?: readonly User[] };
    const given = { on, config: { ...access, ...config }, ...(jetStream && { jetStream }) };
    const nats = await kit.nats(given as NatsOptions);
    return new Scene(nats, guarded, { kit, on, ...tools }, users);
  }

  private constructor(nats: Nats, guarded: boolean, tools: Tools, users: readonly User[]) {
    this.nats = nats;
    this.guarded = guarded;
    this.#tools = tools;
    this.#users = users;
  }

  /** The server's URL with a user's name and password. */
  url(user: UserName): string {
    const found = this.#users.find(({ user: name }) => name === user);
    const credentials = found === undefined ? "" : `${found.user}:${found.pass}@`;
    return `nats://${credentials}127.0.0.1:${this.nats.port}`;
  }

  /** A connected bus of a user, whose service has the same name. */
  async bus(user: "basket" | "stock", options: Partial<ConnectOptions> = {}): Promise<Bus> {
    const bus = connect({ service: user, servers: this.url(user), logger: false, ...options });
    this.#open.push(bus);
    await eventually(() => bus.status.connection.state === "up");
    return bus;
  }

  /** A raw connection. */
  async as(user: UserName): Promise<Peer> {
    const found = this.#users.find(({ user: name }) => name === user);
    const peer = await Peer.open(this.nats.port, found && { user: found.user, pass: found.pass });
    this.#open.push(peer);
    return peer;
  }

  /** The attacker. */
  peer(): Promise<Peer> {
    return this.as("evil");
  }

  /** A subscriber that sees all messages. */
  async witness(subject = ">"): Promise<Peer> {
    const peer = await this.as("witness");
    await peer.subscribe(subject);
    return peer;
  }

  /** A service of services/ in its own process. Resolves when it is connected, with its mailbox subscribed. */
  async process(entry: Entry, env: Readonly<Record<string, string>> = {}): Promise<Service> {
    const user = entry === "stock" ? "stock" : "basket";
    const file = new URL(`${built}${entry}.js`, import.meta.url);
    const service = await this.#tools.kit.service({ entry: file, name: entry, nats: this.url(user), env });
    await service.ready;
    return service;
  }

  async close(): Promise<void> {
    for (const each of this.#open.splice(0).reverse()) await each.close();
  }
}

/** An inbox that the peer may read, and where every service may answer. */
export const evilInbox = "_INBOX_muove.evil.1";

const witness: User = { user: "witness", pass: "secret-0" };

function evil(more: readonly string[]): User {
  const publish = guideUser("basket").publish.filter((subject) => /^_INBOX|^muove\.stock\./.test(subject));
  const permissions = {
    subscribe: { allow: ["_INBOX_muove.evil.>"] },
    publish: { allow: [...publish, ...more] },
  };
  return { user: "evil", pass: "secret-6", permissions };
}

/** The configuration of a guarded scene with other rights for `basket`, for a reload. */
export function otherRights(publish: readonly string[], config: NatsConfig = {}): NatsConfig {
  const users = guideUsers().map((user) => (user.user === "basket" ? { ...user, publish } : user));
  return { ...guideConfig([evil([]), witness], users), ...config };
}
