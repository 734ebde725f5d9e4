/** A row of the threat table: what an attacker may try, with which right, and what Muove promises. */
export interface Row {
  readonly threat: string;
  /** What the attacker may do. */
  readonly right: string;
  readonly promise: string;
  /** Where it is tested: on both kinds of NATS, or the one that the row is about. */
  readonly on: readonly ("embedded" | "nats-server")[];
  /** The oldest nats-server that it is tested on. Default: any. */
  readonly oldest?: readonly [major: number, minor: number];
}

/** JetStream keeps mail from here on. */
const mail = { on: ["nats-server"], oldest: [2, 10] } as const;

/** The user `clinic` of the nats.conf in docs/mail.md, who also may publish to inboxes, as every service. */
const sender = "may send letters to the mailbox, and publish to every inbox";

const both = ["embedded", "nats-server"] as const;

/** The attacker of most rows: the user that calls `stock` in the guide's nats.conf, without its own mailbox. */
const caller = "may write to the mailbox";
const anybody = "an open NATS, where everybody may do everything";

/** The threat table, as far as one host can show it. */
export const rows = {
  T1: {
    threat: "make a service publish where the peer may not, by the reply subject of a request",
    right: `${caller}; also ${anybody}`,
    promise:
      "the server refuses it, and the service does not try: answers, refusals, cards and service-API answers go to inboxes only; the call is not handled, counted, and logged at most once a second",
    on: both,
  },
  T2: {
    threat: "answer the calls of others, without having seen them",
    right: `${caller}, and to every inbox; also ${anybody}`,
    promise: "no call takes a forged answer, refusal or 503; they are counted as strays",
    on: both,
  },
  T3: {
    threat: "cancel the calls of others",
    right: caller,
    promise: "all of them are answered; only who made a call can cancel it",
    on: both,
  },
  T4: {
    threat: "send in another's name, with a clock that is ahead or behind",
    right: caller,
    promise: "the calls of that other are answered in time; none is dropped without an answer, no circuit opens",
    on: both,
  },
  T5: {
    threat: "ask who is there, with an interval or lease too long for any timer",
    right: caller,
    promise: "an instance beats ten times a second at most",
    on: both,
  },
  T6: {
    threat: "100,000 calls, each with a different timeout of up to 24 days",
    right: caller,
    promise: "memory is flat",
    on: both,
  },
  T7: {
    threat: "hold every slot of a mailbox, by calls that wait for weeks",
    right: caller,
    promise:
      "a slot is held for as long as its owner says (`handlerTimeout`), not its caller; then good calls are answered",
    on: both,
  },
  T8: {
    threat: "a flood of cancellations of unknown calls, with a backlog of 10,000",
    right: caller,
    promise: "each takes as long as with an empty backlog",
    on: both,
  },
  T9: {
    threat: "forge who is there: hellos, goodbyes and beats in another's name",
    right: `${caller}; also ${anybody}`,
    promise:
      "the server refuses them; on an open NATS they are doubted: calls by key go on, monitors report nothing false, and the memory for unknown instances is bounded",
    on: both,
  },
  T10: {
    threat: "flood the log: messages that are refused, crash a handler, or have senders that vary",
    right: caller,
    promise: "some lines a second, however many messages there are and whatever they contain; no line is long",
    on: both,
  },
  T11: {
    threat: "none: an operator grants and revokes permissions while calls wait",
    right: "configures NATS",
    promise: "no call whose handler ran ends as `forbidden`, which says that it was not delivered",
    on: ["nats-server"],
  },
  T12: {
    threat: "40 messages of 1 MiB of nested MessagePack",
    right: caller,
    promise: "refused; the connection stays, memory is bounded",
    on: both,
  },
  T13: {
    threat: "the server's `max_payload` shrinks while a call by key waits",
    right: "configures NATS",
    promise: "the process lives; the call ends, and was not delivered",
    on: ["nats-server"],
  },
  T14: {
    threat: "140,000 subscriptions to one subject; subjects of thousands of tokens",
    right: "may connect to the embedded broker",
    promise: "the process that hosts it lives, and others are served",
    on: ["embedded"],
  },
  T15: {
    threat: "small things in replies, health, contracts and JSON",
    right: "serves a mailbox that others call, or reads a public port",
    promise:
      "only the server's own 503 is `absent`; text from others is shortened and cleaned; retryAfter is capped; `/healthz` names nobody; a contract made by hand is refused; 1e999 is not a number",
    on: both,
  },
  T16: {
    threat: "take the id of a letter before its sender does, or the ids of the copies that its owner makes of it",
    right: sender,
    promise:
      "the sender is told that the id was taken (`duplicate`); a letter that is stored is tried as often as its contract says, and found among the dead letters",
    ...mail,
  },
  T17: {
    threat:
      "forge tries, due times and deaths in a letter; acknowledge, fetch, move, read or delete the letters of others",
    right: sender,
    promise: "what a letter says of itself does not count; the server refuses the rest",
    ...mail,
  },
  T18: {
    threat: "headers that NATS itself obeys, in a letter: rollup, time to live, schedules, expected sequences",
    right: sender,
    promise: "the stream refuses them, or they concern that letter only; no other letter is gone",
    ...mail,
  },
  T19: {
    threat: "fill the stream of letters",
    right: sender,
    promise: "it refuses letters (`overloaded`), also good ones, and loses none; it goes on when there is room",
    ...mail,
  },
  T20: {
    threat: "forge letters, statuses of requests, and answers of JetStream, at an owner's inbox",
    right: sender,
    promise: "none is taken: each inbox has a token that nobody guesses; letters are handled meanwhile",
    ...mail,
  },
} as const satisfies Record<string, Row>;

export type RowId = keyof typeof rows;
