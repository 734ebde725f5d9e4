// Random sessions with one stream. Nothing in them depends on time.

import fc from "fast-check";
import { api, consumer, consumerInfo, hpub, info, pub, pull, stream } from "./say.js";
import type { Step } from "./session.js";

const subject = fc.constantFrom("s.a", "s.b", "s.c.d");
const pattern = fc.constantFrom("s.a", "s.b", "s.*", "s.>", "s.c.>");
const name = fc.constantFrom("c", "d");
const sequence = fc.integer({ min: 0, max: 12 });
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });

const streamConfig = fc.record({
  storage: fc.constant("memory"),
  retention: fc.constantFrom("limits", "limits", "workqueue", "interest"),
  discard: fc.constantFrom("old", "new"),
  max_msgs: fc.constantFrom(-1, -1, 3, 6),
  max_bytes: fc.constantFrom(-1, -1, 200),
  max_msgs_per_subject: fc.constantFrom(-1, -1, 1, 2),
  allow_rollup_hdrs: fc.boolean(),
  allow_direct: fc.boolean(),
});

const consumerConfig = fc.record(
  {
    ack_policy: fc.constantFrom("explicit", "explicit", "explicit", "all", "none"),
    deliver_policy: fc.constantFrom("all", "all", "all", "last", "new", "last_per_subject"),
    // Always one: nats-server does not signal new messages to a consumer whose filters were taken away.
    filter_subject: pattern,
    max_ack_pending: fc.constantFrom(-1, 1, 2, 5),
    max_deliver: fc.constantFrom(-1, 3),
    headers_only: fc.boolean(),
  },
  { requiredKeys: ["ack_policy", "filter_subject"] },
);

const header = fc.oneof(
  fc.constantFrom(
    "A: b",
    "Nats-Msg-Id: 1",
    "Nats-Msg-Id: 2",
    "Nats-Expected-Stream: S",
    "Nats-Rollup: sub",
    "Nats-Rollup: all",
  ),
  sequence.map((number) => `Nats-Expected-Last-Sequence: ${number}`),
  sequence.map((number) => `Nats-Expected-Last-Subject-Sequence: ${number}`),
  fc.constantFrom("1", "2").map((id) => `Nats-Expected-Last-Msg-Id: ${id}`),
);

const publish = fc.tuple(subject, fc.stringMatching(/^[a-z ]{0,30}$/)).map(([to, text]) => pub(to, text));
const publishMore = fc.tuple(subject, header).map(([to, line]) => hpub(to, line, "hi"));
const request = fc.record({ batch: fc.integer({ min: 1, max: 5 }), no_wait: fc.constant(true) });

const settle = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom("+ACK", "+ACK", "+ACK", "-NAK", "+TERM", "+WPI", ""))
  .map(([back, body]): Step => ({ subject: `@-${back}`, body, expect: undefined }));

const purge = fc.record({ filter: some(pattern), seq: some(sequence), keep: some(fc.integer({ min: 0, max: 3 })) });

const wanted = fc.oneof(
  sequence.map((seq) => ({ seq })),
  pattern.map((last_by_subj) => ({ last_by_subj })),
  fc.tuple(pattern, sequence).map(([next_by_subj, seq]) => ({ next_by_subj, seq })),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: publish },
  { weight: 3, arbitrary: publishMore },
  { weight: 6, arbitrary: fc.tuple(name, request).map(([of, body]) => ({ ...pull(of, body, 0), expect: undefined })) },
  { weight: 6, arbitrary: settle },
  { weight: 3, arbitrary: fc.tuple(name, consumerConfig).map(([of, config]) => consumer(of, config)) },
  { weight: 1, arbitrary: name.map((of) => api(`CONSUMER.DELETE.S.${of}`)) },
  { weight: 2, arbitrary: name.map(consumerInfo) },
  { weight: 2, arbitrary: fc.constant(info()) },
  { weight: 1, arbitrary: purge.map((body) => api("STREAM.PURGE.S", body)) },
  { weight: 1, arbitrary: sequence.map((seq) => api("STREAM.MSG.DELETE.S", { seq })) },
  { weight: 1, arbitrary: wanted.map((body) => api("STREAM.MSG.GET.S", body)) },
  { weight: 1, arbitrary: wanted.map((body) => api("DIRECT.GET.S", body)) },
  { weight: 1, arbitrary: fc.constant(api("STREAM.INFO.S", { subjects_filter: ">", deleted_details: true })) },
);

/** A stream, two consumers, and what happens to them. */
export const anySession = fc
  .tuple(streamConfig, consumerConfig, consumerConfig, fc.array(step, { minLength: 5, maxLength: 40 }))
  .map(([config, first, second, steps]) => [stream(config), consumer("c", first), consumer("d", second), ...steps]);
