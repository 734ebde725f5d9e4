// Random sessions, for the cases that nobody thought of.

import fc from "fast-check";
import { header, hello, hpub, pub } from "./scripts/say.js";
import type { Session, Step } from "./session.js";

/** What one connection sends at once, and how many PINGs it contains. */
interface Say {
  readonly text: string;
  readonly pings: number;
}

const say = (text: string, pings = 0): Say => ({ text, pings });

const subjects = [
  "a",
  "b",
  "a.b",
  "a.c",
  "a.b.c",
  "b.c",
  "*",
  ">",
  "a.*",
  "a.>",
  "*.b",
  "a.*.c",
  "b.>",
  "a*",
  "a..b",
  ".a",
  "a.",
  "x",
  "é",
];
const subject = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom("a", "a.b", "a.c") },
  { weight: 3, arbitrary: fc.constantFrom(...subjects.map((text) => Buffer.from(text).toString("latin1"))) },
);
const inbox = fc.constantFrom("r", "r.1", "r.2", "a.b", "$JS.ACK.x", "_R_.y");
const sid = fc.constantFrom("1", "2", "3", "4", "foo");
/** Sids of members of queue groups start with `q` and the group's name: see `Transcript.pool`. */
const member = fc.constantFrom("qA1", "qA2", "qB1", "qB2");
const size = fc.oneof(
  { weight: 6, arbitrary: fc.nat(40) },
  fc.nat(3_000),
  fc.constantFrom(511, 512, 513, 4096, 65_536),
);

const connect = fc
  .record({
    verbose: fc.boolean(),
    pedantic: fc.boolean(),
    echo: fc.boolean(),
    headers: fc.boolean(),
    no_responders: fc.boolean(),
    user: fc.constantFrom("free", "some", "service"),
  })
  .map(({ headers, no_responders, ...options }) =>
    say(hello({ ...options, pass: "secret", headers, no_responders: headers && no_responders })),
  );

const subscribe = fc.oneof(
  fc.tuple(subject, sid).map(([to, id]) => say(`SUB ${to} ${id}\r\n`)),
  inbox.map((to) => say(`SUB ${to} inbox\r\n`)),
);
const join = fc.tuple(subject, member).map(([to, id]) => say(`SUB ${to} ${id[1]} ${id}\r\n`));
const unsubscribe = fc.oneof(
  fc.tuple(fc.oneof(sid, member), fc.constantFrom("", " 0", " x")).map(([id, max]) => say(`UNSUB ${id}${max}\r\n`)),
  // Which member of a group reaches its maximum first is random, so only plain subscriptions get one.
  fc.tuple(sid, fc.integer({ min: 1, max: 3 })).map(([id, max]) => say(`UNSUB ${id} ${max}\r\n`)),
);

/** Each payload names its origin, so that copies of one message can be recognised. */
const publish = fc
  .tuple(subject, fc.option(inbox, { nil: undefined }), size, fc.boolean())
  .map(([to, reply, length, withHeader]) => (mark: string): Say => {
    const payload = mark.padEnd(length, ".");
    return say(withHeader ? hpub(to, header, payload, reply) : pub(to, payload, reply));
  });

const ping = fc.constantFrom(
  say("PING\r\n", 1),
  say("ping \n", 1),
  say("PONG\r\n"),
  say("+OK\r\n"),
  say("INFO {}\r\n"),
);

const broken = fc
  .constantFrom(
    "PUB a\r\n",
    "PUB a 2\r\nhello\r\n",
    "SUB a\r\n",
    "UNSUB\r\n",
    "FOO\r\n",
    "\r\n",
    "-ERR 'x'\r\n",
    "CONNECT {\r\n",
    "HPUB a 9 2\r\nhi\r\n",
    "PUB a -1\r\n",
    "SUB a b c d\r\n",
    "CONNECT []\r\n",
    "P U B\r\n",
    'CONNECT {"protocol":9}\r\n',
    `SUB ${"x".repeat(5_000)} 1\r\n`,
    "PUB a 99999999\r\n",
  )
  .map((text) => say(text));

type Op = Say | ((mark: string) => Say);

const op = fc.oneof(
  { weight: 16, arbitrary: publish },
  { weight: 6, arbitrary: subscribe },
  { weight: 2, arbitrary: join },
  { weight: 4, arbitrary: unsubscribe },
  { weight: 2, arbitrary: ping },
  { weight: 1, arbitrary: connect },
  { weight: 1, arbitrary: broken },
);

/** Where a step is cut into chunks, as fractions of its length. */
const cuts = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
);

const step = fc.record({ on: fc.nat(2), ops: fc.array(op, { minLength: 1, maxLength: 4 }), cuts });

/** How a connection begins: mostly with CONNECT and a few subscriptions. */
const greeting = fc
  .tuple(fc.option(connect, { freq: 20 }), fc.array(fc.oneof(subscribe, join), { minLength: 1, maxLength: 3 }))
  .map(([hi, subscriptions]) => [...(hi === null ? [] : [hi]), ...subscriptions]);

/** Sessions of up to three connections. */
export const anySession: fc.Arbitrary<Session> = fc
  .record({
    greetings: fc.array(greeting, { minLength: 1, maxLength: 3 }),
    steps: fc.array(step, { minLength: 2, maxLength: 14 }),
  })
  .map(({ greetings, steps }) => {
    const connections = greetings.length;
    const keep = withoutLuck([...greetings, ...steps.map(({ ops }) => ops)].flat());
    const hellos = greetings.map((says, on) => toStep(on, says.filter(keep), [], ""));
    const rest = steps.map(({ on, ops, cuts }, i) => toStep(on % connections, ops.filter(keep), cuts, `s${i}`));
    return { connections, steps: [...hellos, ...rest] };
  });

/**
 * Which member of a queue group gets a request is random, and so is who may reply to it. Where some user has the
 * permission to reply, nobody joins a group.
 */
function withoutLuck(ops: readonly Op[]): (op: Op) => boolean {
  const says = (op: Op, what: RegExp): boolean => typeof op !== "function" && what.test(op.text);
  const mayReply = ops.some((op) => says(op, /"user":"service"/));
  return (op) => !mayReply || !says(op, /^SUB \S+ [AB] /);
}

function toStep(on: number, ops: readonly Op[], at: readonly number[], mark: string): Step {
  const all = ops.map((each, i) => (typeof each === "function" ? each(`${mark}o${i}`) : each));
  // Whether the server handles what follows a client's -ERR depends on its buffers, so the step ends there.
  const last = all.findIndex((each) => each.text.startsWith("-ERR"));
  const says = last < 0 ? all : all.slice(0, last + 1);
  const text = says.map((each) => each.text).join("");
  const places = [0, ...at.map((part) => Math.floor(part * text.length)).sort((x, y) => x - y), text.length];
  const send = places.slice(1).map((end, i) => text.slice(places[i], end));
  return { on, send: send.filter((chunk) => chunk !== ""), pings: says.reduce((sum, { pings }) => sum + pings, 0) };
}
