import { check, rule } from "../options.js";
import { type HostileKind, hostileKinds, hostileMessages } from "./hostile.js";
import { RawPublisher } from "./raw-publisher.js";

export interface GarbageOptions {
  /** With credentials if needed: `nats://user:pass@host:port`, `nats://token@host:port`. */
  readonly url: string;
  readonly subject: string;
  /** The same seed gives the same messages. Default 1. */
  readonly seed?: number;
  /** The number of messages. Default 1,000. */
  readonly count?: number;
  /** The reply subject. Default: none. */
  readonly reply?: string;
  /** Only these kinds, in turn. Default: all kinds. */
  readonly kinds?: readonly HostileKind[];
}

/** The number of sent messages, by kind. */
export type GarbageSent = Readonly<Partial<Record<HostileKind, number>>> & { readonly total: number };

/** How many messages to send before waiting for the server to accept them. */
const batch = 500;

/**
 * Publishes hostile messages, the kinds in turn. Resolves when the server has accepted all.
 *
 * @param stopped checked between messages.
 */
export async function garbage(options: GarbageOptions, stopped: () => boolean): Promise<GarbageSent> {
  const { url, subject, seed = 1, count = 1_000, reply, kinds } = checked(options);
  const publisher = await RawPublisher.open(url);
  const sent: { total: number } & Partial<Record<HostileKind, number>> = { total: 0 };
  try {
    for (const { kind, payload, headers } of hostileMessages(seed, count, kinds)) {
      if (stopped()) break;
      await publisher.publish(subject, payload, headers, reply);
      sent[kind] = (sent[kind] ?? 0) + 1;
      if (++sent.total % batch === 0) await publisher.flush();
    }
    await publisher.flush();
    return sent;
  } finally {
    publisher.close();
  }
}

function checked(options: GarbageOptions): GarbageOptions {
  const { url, subject } = options ?? {};
  const rules = {
    url: rule.natsUrl,
    subject: rule.subject,
    seed: rule.integer,
    count: rule.count,
    reply: rule.subject,
    kinds: kindsProblem,
  };
  check("garbage()", options, rules, [
    url === undefined && "url is missing",
    subject === undefined && "subject is missing",
  ]);
  return options;
}

function kindsProblem(value: unknown): string | undefined {
  const fits = Array.isArray(value) && value.length > 0 && value.every((kind) => hostileKinds.includes(kind));
  return fits ? undefined : `must be one or more of ${hostileKinds.join(", ")}`;
}
