// The responses of the NATS service API, with exactly the fields of its specification (ADR-32 of NATS), and how to ask
// for them without its client.

import { errors, type NatsConnection } from "@nats-io/transport-node";
import { z } from "zod";

const name = z.string().regex(/^[\w-]+$/);
const metadata = z.record(z.string(), z.string());
const whole = z.int().nonnegative();

const identity = {
  name,
  id: z.string().min(1),
  version: z.string().regex(/^\d+\.\d+\.\d+/),
  metadata,
};
const endpoint = { name, subject: z.string().min(1), queue_group: z.string() };

const endpointStats = z.strictObject({
  ...endpoint,
  num_requests: whole,
  num_errors: whole,
  last_error: z.string(),
  processing_time: whole,
  average_processing_time: whole,
  data: z.record(z.string(), z.unknown()).optional(),
});

const answers = {
  PING: z.strictObject({ type: z.literal("io.nats.micro.v1.ping_response"), ...identity }),
  INFO: z.strictObject({
    type: z.literal("io.nats.micro.v1.info_response"),
    ...identity,
    description: z.string(),
    endpoints: z.array(z.strictObject({ ...endpoint, metadata })),
  }),
  STATS: z.strictObject({
    type: z.literal("io.nats.micro.v1.stats_response"),
    ...identity,
    started: z.iso.datetime(),
    endpoints: z.array(endpointStats),
  }),
};

type Verb = keyof typeof answers;
export type Answer<V extends Verb> = z.infer<(typeof answers)[V]>;

/**
 * All answers to a question on `$SRV.<verb>.<of>`, each checked against the specification. None when nobody listens.
 */
export async function ask<V extends Verb>(client: NatsConnection, verb: V, ...of: string[]): Promise<Answer<V>[]> {
  const found: Answer<V>[] = [];
  try {
    const subject = ["$SRV", verb, ...of].join(".");
    const replies = await client.requestMany(subject, "", { strategy: "stall", maxWait: 2_000 });
    for await (const reply of replies) found.push(answers[verb].parse(reply.json()) as Answer<V>);
  } catch (error) {
    if (!(error instanceof errors.NoRespondersError)) throw error;
  }
  return found;
}

/** The only answer; throws if there is not exactly one. */
export async function askOne<V extends Verb>(client: NatsConnection, verb: V, ...of: string[]): Promise<Answer<V>> {
  const [answer, ...others] = await ask(client, verb, ...of);
  if (answer === undefined || others.length > 0)
    throw new Error(`${others.length + (answer ? 1 : 0)} answers to ${verb}`);
  return answer;
}
