import type { DeliveryFilter } from "./delivery-filter.js";
import { PublishPermission } from "./publish-permission.js";
import { ReplyAllowance } from "./reply-allowance.js";
import type { PermissionRules, ResponseRules } from "./rules.js";
import { SubscribePermission } from "./subscribe-permission.js";

/** The reserved queue group of nats-server's own subscriptions. */
const systemGroup = "_sys_";

const defaultMax = 1;
const defaultExpires = 120_000;

/**
 * What one connection may do: its user's rules, and the replies that they allow it (see `ReplyAllowance`).
 *
 * PERMISSIONS-1 Once a subscription needs a filter, the filter stays while the connection has any rules, even if it
 *   authenticates as another user later, because the subscription stays too.
 */
export class Permissions {
  readonly #publish: PublishPermission | undefined;
  readonly #subscribe: SubscribePermission | undefined;
  readonly #replies: ReplyAllowance | undefined;
  #filter: DeliveryFilter | undefined;

  /** @param rules undefined if everything is allowed. @param previous the connection's permissions until now. */
  constructor(rules: PermissionRules | undefined, previous?: Permissions) {
    if (rules !== undefined && previous !== undefined) this.#filter = previous.#filter;
    this.#replies = allowance(rules?.allowResponses);
    const publish = this.#replies === undefined ? rules?.publish : { allow: [], ...rules?.publish };
    this.#publish = publish && new PublishPermission(publish, this.#replies);
    this.#subscribe = rules?.subscribe && new SubscribePermission(rules.subscribe);
  }

  mayPublish(subject: string): boolean {
    return this.#publish?.allows(subject) ?? true;
  }

  maySubscribe(subject: string, queue: string | undefined): boolean {
    if (queue === systemGroup) return false;
    if (this.#subscribe === undefined) return true;
    if (!this.#subscribe.allows(subject, queue)) return false;
    this.#filter ??= this.#subscribe.filterFor(subject);
    return true;
  }

  /** Whether a message must not be delivered although a subscription matches it. */
  withholds(subject: string): boolean {
    return this.#filter?.withholds(subject) ?? false;
  }

  /** Whether reply subjects of delivered messages must be recorded. */
  get tracksReplies(): boolean {
    return this.#replies !== undefined;
  }

  /** Records the reply subject of a delivered message. */
  delivered(reply: string): void {
    this.#replies?.grant(reply);
  }
}

function allowance(rules: boolean | ResponseRules | undefined): ReplyAllowance | undefined {
  if (rules === undefined || rules === false) return undefined;
  const { max, expires } = rules === true ? {} : rules;
  return new ReplyAllowance(max || defaultMax, expires || defaultExpires);
}
