import type { Mailbox, Messages } from "@muove/contract";
import type { ResolvedAddress } from "../address/address.js";
import { LruMap } from "../base/lru-map.js";
import type { Scope } from "../call/scope.js";
import type { CallTarget } from "../call/target.js";
import type { Casts } from "../cast/casts.js";
import type { CastTarget } from "../cast/letter.js";
import type { Letters } from "../letters/letters.js";
import { KeyRoute } from "../presence/key-route.js";
import type { Watch } from "../presence/watch.js";
import type { Watches } from "../presence/watches.js";
import type { AnyClient, Publish } from "./client.js";
import type { ClientEnvironment } from "./client-environment.js";
import { type ClientBus, create } from "./internals.js";
import { everyoneSenderOf, keyedSenderOf, senderOf, withMethods } from "./methods.js";
import { eventTargets, targetsOf } from "./targets.js";

/** How many addresses of a mailbox are cached; making one costs a few objects per message. */
const maxAddresses = 1_024;

/** By message. */
type Targets = ReadonlyMap<string, CallTarget | CastTarget>;

interface Addressed {
  readonly targets: Targets;
  readonly prototype: object;
}

/**
 * Makes the clients of a bus. Handlers make new ones for every message, so a client costs one small object: it creates
 * its methods on first use, and shares the rest with all clients of the mailbox.
 */
export class Clients implements ClientBus {
  readonly env: ClientEnvironment;
  readonly casts: Casts;
  readonly letters: Letters;
  readonly #watches: Watches;
  readonly #prototypes = new WeakMap<Mailbox, object>();
  readonly #keyed = new WeakMap<Mailbox, object>();
  readonly #everyone = new WeakMap<Mailbox, object>();
  readonly #addressed = new WeakMap<Mailbox, LruMap<Addressed>>();
  readonly #publishers = new WeakMap<Mailbox, object>();

  constructor(env: ClientEnvironment, casts: Casts, letters: Letters, watches: Watches) {
    this.env = env;
    this.casts = casts;
    this.letters = letters;
    this.#watches = watches;
  }

  /** @param to the address. Default: any instance. */
  to(mailbox: Mailbox, scope: Scope, to?: ResolvedAddress): AnyClient {
    if (to === undefined) return create(this.#prototypeOf(mailbox), { bus: this, scope, mailbox });
    if (to.kind !== "key") return create(this.#at(mailbox, to).prototype, { bus: this, scope, mailbox });
    return create(this.#keyedPrototypeOf(mailbox), { bus: this, scope, mailbox, key: to.name });
  }

  /** A client of all instances. */
  toAll(mailbox: Mailbox, scope: Scope): object {
    const targets = (): Iterable<CallTarget | CastTarget> =>
      targetsOf(this.env, mailbox, { kind: "everyone", name: "" });
    const prototype = cached(this.#everyone, mailbox, () => withMethods(targets(), everyoneSenderOf));
    return create(prototype, { bus: this, scope, mailbox });
  }

  watch({ name }: Mailbox): Watch {
    return this.#watches.of(name);
  }

  /** The route of a message to the instance that is responsible for a key. */
  route<T extends CallTarget | CastTarget>(mailbox: Mailbox, { message }: T, key: string): KeyRoute<T> {
    const watch = (): Watch => this.watch(mailbox);
    // A message has the same kind at every address, so the cast is safe.
    const locate = (name: string): T => this.#at(mailbox, { kind: "instance", name }).targets.get(message) as T;
    return new KeyRoute(watch, key, locate);
  }

  /** What the owner of a mailbox publishes with. */
  publisher(mailbox: Mailbox, scope: Scope): Publish<Messages> {
    return create(this.#publisherOf(mailbox), { bus: this, scope, mailbox });
  }

  #prototypeOf(mailbox: Mailbox): object {
    return cached(this.#prototypes, mailbox, () => withMethods(targetsOf(this.env, mailbox), senderOf));
  }

  #keyedPrototypeOf(mailbox: Mailbox): object {
    const targets = (): Iterable<CallTarget | CastTarget> => targetsOf(this.env, mailbox, { kind: "key", name: "" });
    return cached(this.#keyed, mailbox, () => withMethods(targets(), keyedSenderOf));
  }

  #at(mailbox: Mailbox, to: ResolvedAddress): Addressed {
    const addresses = cached(this.#addressed, mailbox, () => new LruMap<Addressed>(maxAddresses));
    return addresses.of(`${to.kind} ${to.name}`, () => {
      const targets = [...targetsOf(this.env, mailbox, to)];
      const byMessage = new Map(targets.map((target) => [target.message, target]));
      return { targets: byMessage, prototype: withMethods(targets, senderOf) };
    });
  }

  #publisherOf(mailbox: Mailbox): object {
    return cached(this.#publishers, mailbox, () => withMethods(eventTargets(this.env, mailbox), senderOf));
  }
}

function cached<T>(known: WeakMap<Mailbox, T>, mailbox: Mailbox, make: () => T): T {
  const value = known.get(mailbox) ?? make();
  known.set(mailbox, value);
  return value;
}
