/** A row of the failure table: a fault, and what Muove promises for it. */
export interface Row {
  readonly fault: string;
  readonly promise: string;
  /** Whether it is tested on the embedded broker, too, and not on nats-server only. */
  readonly embedded: boolean;
  /** The oldest nats-server that it is tested on. Default: any. */
  readonly oldest?: readonly [major: number, minor: number];
}

/** JetStream keeps mail from here on. */
const mail = { embedded: true, oldest: [2, 10] } as const;

/** The failure table, as far as one host can show it. */
export const rows = {
  F1: {
    fault: "NATS is not there at the start, or its name does not resolve",
    promise:
      "the process starts and serves its health: live, and ready once it has been connected, also when NATS goes later; calls are unreachable and their fallbacks answer; mailboxes open when NATS comes; a silent resolver does not hold up a server that is there",
    embedded: true,
  },
  F2: {
    fault: "the target was never started",
    promise: "absent, within a round trip, whatever the address",
    embedded: true,
  },
  F3: {
    fault: "the target is killed",
    promise:
      "the next call is absent, whatever the address; the call under way ends by its deadline, as timeout/maybe; a monitor reports it within a second",
    embedded: true,
  },
  F4: {
    fault: "the target hangs",
    promise:
      "after fewer than five timeouts the circuit opens, and it closes by itself; a call that expired on the way is not handled; one hanging instance of three opens no circuit; an address has a circuit of its own; a monitor reports it within a few seconds, and when it is back",
    embedded: true,
  },
  F5: {
    fault: "ten times the load",
    promise:
      "throughput stays up; accepted calls are answered in time; the rest is refused at once, with retryAfter; memory stays flat; only the outermost caller retries",
    embedded: true,
  },
  F6: {
    fault: "NATS is killed under load, and comes back; it is slow to let clients in, or far away",
    promise:
      "calls under way end at once as unreachable/maybe, new ones as unreachable/no; casts follow their policy; it heals by itself, also when a login takes seconds, when many clients with bcrypt passwords return at once, and over a round trip of 1.5 s",
    embedded: false,
  },
  F7: {
    fault: "the connection to NATS goes silent",
    promise: "pings notice it, then it is as if NATS had been killed",
    embedded: false,
  },
  F8: {
    fault: "bytes that are not a message",
    promise: "faulty/rejected with issues; the service lives; no prototype is polluted, nothing is evaluated",
    embedded: true,
  },
  F9: {
    fault: "the handler throws, or rejects later",
    promise: "faulty/crashed with an id and no internals; the log has the stack; the service lives",
    embedded: true,
  },
  F10: {
    fault: "a handler never returns",
    promise:
      "timeout for the caller; the slot is free again; with as many as there are slots, the mailbox refuses and liveness fails",
    embedded: true,
  },
  F11: {
    fault: "a rolling restart under load",
    promise: "no call fails, whatever the address; casts that were delivered are handled",
    embedded: true,
  },
  F12: {
    fault: "a payload over the server's limit",
    promise: "the caller's own throws before it is sent; a reply becomes faulty/reply-too-large",
    embedded: true,
  },
  F13: {
    fault: "late, repeated and unsolicited replies",
    promise: "dropped and counted; memory is flat after a million",
    embedded: true,
  },
  F14: {
    fault: "the caller aborts",
    promise:
      "cancelled; the handler's signal aborts, on whichever instance it runs, also in another account; an unsent call is cancelled/no",
    embedded: true,
  },
  F15: { fault: "a cast to an absent mailbox", promise: "a dead letter with the input, on the sender", embedded: true },
  F16: {
    fault: "clocks differ by an hour, jump, or stand still with their machine",
    promise: "deadlines hold; calls are answered again within a second after a pause",
    embedded: false,
  },
  F17: {
    fault: "a three-node NATS cluster loses the node that a service is connected to, under load",
    promise:
      "only what was in flight through it is unreachable/maybe, or timeout/maybe; the rest goes on; addresses that the cluster announces and nobody can reach cost no time",
    embedded: false,
  },
  F18: {
    fault: "a hundred thousand random messages",
    promise: "the service lives; memory is flat; a good call still gets its answer",
    embedded: true,
  },
  F19: {
    fault: "a fallback throws, hangs, or gives a falsy value",
    promise: "the next one is asked, then the original outcome comes back with the error; a falsy value is the answer",
    embedded: true,
  },
  F20: {
    fault: "a deploy in progress: older and newer contracts",
    promise:
      "messages that both know work; a message that no instance knows is absent; the rest is rejected or invalid-reply, and fallbacks answer",
    embedded: true,
  },
  F21: {
    fault: "a service is called while everything that it calls is gone, or hangs",
    promise:
      "it answers degraded within its caller's deadline; nothing cascades; it keeps its capacity, behind budgets, too; no circuit opens because its calls had little time; live, ready, and its health names who is missing",
    embedded: true,
  },
  F22: {
    fault: "a client cannot keep up with what NATS sends",
    promise:
      "memory is bounded; messages are refused or dropped, and counted; the connection stays while its event loop turns",
    embedded: true,
  },
  F23: {
    fault: "the path of one of three instances is lost: its connection goes silent",
    promise:
      "up to its share of the calls is timeout/maybe until the server drops the connection, which its ping_interval and ping_max bound",
    embedded: false,
  },
  F24: {
    fault: "a JetStream stream captures the mailboxes' subjects",
    promise: "its acknowledgements are never taken for replies; calls work",
    embedded: true,
  },
  F25: {
    fault: "permissions forbid a publish or a subscription, or a limit of subscriptions does; a reload changes them",
    promise:
      "the call is forbidden/no; a mailbox that may not open fails readiness and names the subject; what is taken away " +
      "is noticed at once, what is given back heals by itself",
    embedded: false,
  },
  F26: {
    fault: "credentials or certificates are rotated, expired or revoked, and wrong for a while",
    promise:
      "as if NATS were away, for however long; the log says that it is the credentials or TLS, without them; what is right again is read at the next dial; with passwords, JWTs, NKeys, certificates, and an auth callout; a service that starts with wrong ones does not become ready",
    embedded: false,
  },
  F27: {
    fault: "the caller's own loop stalls for longer than the deadline",
    promise: "answers that wait in its socket still count; a late timeout does not count for the circuit",
    embedded: true,
  },
  F28: {
    fault: "the NATS server goes into lame duck mode (a rolling upgrade) under load",
    promise:
      "its clients move to another server first; no call fails; nothing is handled twice or lost, though servers are 100 ms apart",
    embedded: false,
  },
  F29: {
    fault: "letters are sent to an owner that was never started",
    promise: "they are stored, also where nobody may make streams but they were made before; when it starts, all come",
    ...mail,
  },
  F30: {
    fault: "the owner is killed with letters in hand",
    promise: "another instance, or the next start, handles each; none is lost",
    ...mail,
  },
  F31: {
    fault: "the owner hangs with letters in hand",
    promise: "others take over; what it says when it goes on does no harm",
    ...mail,
  },
  F32: {
    fault: "NATS is killed under a flood of letters, and comes back with its disk",
    promise: "every receipt was true: what was stored is handled, and what was not is nowhere; it heals by itself",
    ...mail,
  },
  F33: {
    fault: "a handler always throws for some letters",
    promise: "they are dead letters with their error after their tries; no other letter waits for them",
    ...mail,
  },
  F34: {
    fault: "bytes that are no letter in the stream; forged tries, due times and ids",
    promise: "a dead letter, rejected; the service lives; nothing skips its tries",
    ...mail,
  },
  F35: {
    fault: "the stream of letters is full, or that of dead ones",
    promise: "overloaded, delivered: no, within a round trip; nothing stored is dropped; it goes on when there is room",
    ...mail,
  },
  F36: {
    fault: "no JetStream; permissions forbid; another stream captures the subject; too old a server",
    promise: "no-store, forbidden or store-conflict, each with its reason; the owner is not ready, and says why",
    embedded: false,
  },
  F37: {
    fault: "a cluster of three loses the leader of the stream under a flood of letters",
    promise: "nothing stored is lost; letters that were being sent are repeated until the next leader has them",
    ...mail,
    embedded: false,
  },
  F38: {
    fault: "the stream's answers and the owner's acknowledgements are lost, and the connections change",
    promise: "a letter is kept once and handled once, while the store runs; its id never changes",
    ...mail,
  },
  F39: {
    fault: "a stream or a consumer is deleted while it is in use",
    promise: "it is made again, and the log says so; where nobody may, it is no-store, and the owner is not ready",
    ...mail,
  },
  F40: {
    fault: "a handler takes longer than the server waits for an acknowledgement, or than its contract allows",
    promise: "handled once; beyond its time its signal aborts, and the letter is tried again",
    ...mail,
  },
  F41: {
    fault: "a rolling restart of three owners under a flood of letters",
    promise: "nothing is lost or handled twice, and no try is used up",
    ...mail,
  },
} as const satisfies Record<string, Row>;

export type RowId = keyof typeof rows;
