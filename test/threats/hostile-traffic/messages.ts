import { type HostileMessage, hostileKinds, hostileMessages } from "@muove/testkit";
import type { Random } from "../../support/random.js";
import type { Said } from "../support/peer.js";
import { evilInbox } from "../support/scene.js";

/** The instances that the peer knows, as it may ask those of a mailbox for their ids. */
export interface Known {
  readonly stock: readonly string[];
  readonly basket: string;
}

type Message = readonly [subject: string, said: Said];
type Make = (random: Random, known: Known, i: number) => Message;

const good = '{"id":"peer","ms":0}';
const numbers = ["1e12", "1e308", "1e999", "-1", "0", "0.1", "100", "2147483648", '"x"', "null"];
const calls = ["once", "again", "wait", "crash", "tell", "nothing", "_watch", "_cancel", "_event.sold"];
const elsewhere = [
  "muove.basket.check",
  "muove.stock._event.sold",
  "$JS.API.STREAM.PURGE.x",
  "muove-presence.stock.stock.1",
  "nobody",
];

const letters = (random: Random, length: number): string =>
  Array.from({ length }, () => random.pick([..."abcXYZ019-_"])).join("");
const timeout = (random: Random): string => `Muove-Timeout: ${random.pick([0, 1, 50, 2_000, 1e6, 2 ** 31])}`;

/** 1 MiB of valid MessagePack of the largest allowed depth. */
const nested = Buffer.concat([
  Buffer.from("dd00001f40", "hex"),
  ...new Array<Buffer>(8_000).fill(Buffer.concat([Buffer.alloc(125, 0x91), Buffer.from([0xc0])])),
]);

/** A subject of a message to the mailbox, to one of its instances, to all of them or to tags. */
function place(random: Random, { stock }: Known, message: string): string {
  const address = random.pick(["", "", `_i.${random.pick(stock)}.`, "_all.", "_t.region=eu."]);
  return message.startsWith("_event") ? `muove.stock.${message}` : `muove.stock.${address}${message}`;
}

/** The kinds of messages from a peer that may write to `stock`, with their weights. */
const kinds: readonly (readonly [weight: number, make: Make])[] = [
  [20, garbage],
  [
    10,
    (random, known) => [
      place(random, known, random.pick(["once", "again", "crash", "nothing", "_watch"])),
      { reply: random.pick([...elsewhere, letters(random, 8)]), payload: good, headers: [timeout(random)] },
    ],
  ],
  [
    15,
    (random, known) => [
      place(random, known, "_cancel"),
      { headers: [`Muove-Call: ${letters(random, random.between(0, 70))}`], payload: letters(random, 8) },
    ],
  ],
  [
    10,
    (random, known) => [
      place(random, known, random.pick(calls)),
      { reply: evilInbox, payload: good, headers: [timeout(random), `Muove-From: ${letters(random, 8)}/1`] },
    ],
  ],
  [
    8,
    (random, known) => [
      place(random, known, "_watch"),
      { reply: evilInbox, payload: `{"interval":${random.pick(numbers)},"lease":${random.pick(numbers)}}` },
    ],
  ],
  [15, forgedAnswer],
  [8, forgedPresence],
  [
    10,
    (random, { basket }) => [
      "muove.stock.once",
      {
        reply: evilInbox,
        payload: good,
        headers: [`Muove-From: basket/${basket}`, `Muove-Clock: ${random.between(0, 1e9)}`, "Muove-Timeout: 500"],
      },
    ],
  ],
  [3, (random, known) => [place(random, known, "crash"), { reply: evilInbox, headers: ["Muove-Timeout: 500"] }]],
  [
    1,
    (random) => [
      "muove.stock.wait",
      { reply: evilInbox, payload: '{"ms":2000000000}', headers: [`Muove-Timeout: ${random.between(1e6, 2e9)}`] },
    ],
  ],
  [0.02, () => ["muove.stock.once", { reply: evilInbox, payload: nested, headers: ["Muove-Timeout: 1000"] }]],
];

const total = kinds.reduce((sum, [weight]) => sum + weight, 0);

/** A random hostile message; the same random numbers give the same message. */
export function hostileMessage(random: Random, known: Known, i: number): Message {
  let at = random.next() * total;
  for (const [weight, make] of kinds) {
    at -= weight;
    if (at < 0) return make(random, known, i);
  }
  return garbage(random, known, i);
}

function garbage(random: Random, known: Known, i: number): Message {
  const [message] = hostileMessages(random.between(1, 1e9), 1, [random.pick(hostileKinds)]);
  const { payload, headers } = message as HostileMessage;
  const block = headers && Buffer.from(headers).toString("latin1");
  const reply = i % 2 === 0 ? { reply: evilInbox } : {};
  return [
    place(random, known, random.pick(calls)),
    { payload, ...(block !== undefined && { headers: block }), ...reply },
  ];
}

/** Goes to the good caller's inbox, with a guessed token. */
function forgedAnswer(random: Random, { basket }: Known): Message {
  const token = `${letters(random, random.pick([0, 11]))}${random.between(0, 200_000)}`;
  const headers = random.pick([
    ["Muove-Status: rejected"],
    ["Muove-Status: overloaded", "Muove-Retry-After: 99999999"],
    "NATS/1.0 503\r\n\r\n",
    undefined,
  ]);
  const said = headers === undefined ? { payload: '{"by":"evil"}' } : { headers };
  return [`_INBOX_muove.basket.${basket}.${token}`, said];
}

/** The server refuses these. */
function forgedPresence(random: Random, { stock }: Known): Message {
  const instance = random.pick([...stock, letters(random, 8)]);
  const type = random.pick(["hello", "goodbye", "beat"]);
  const card = { type, instance, service: "stock", version: "1", tags: {}, since: 1, degraded: true };
  return [`muove-presence.stock.stock.${instance}`, { payload: JSON.stringify(card) }];
}
