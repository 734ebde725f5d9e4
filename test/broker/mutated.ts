// Mutated input: bytes that are almost valid protocol.

import fc from "fast-check";
import { header, hello, hpub, pub } from "./scripts/say.js";

/** Shorter than nats-server's first read, so that it reads all of it at once. */
const longest = 500;

const connect = fc.constantFrom(
  hello(),
  hello({ verbose: true, no_responders: false }),
  'CONNECT {"pedantic":false,"headers":true}\r\n',
  'connect {"verbose":false}\n',
  "",
);

const piece = fc.constantFrom(
  "SUB a 1\r\n",
  "SUB a.* 2\r\n",
  "SUB > 3\r\n",
  "sub a.b q 4\r\n",
  "UNSUB 1\r\n",
  "UNSUB 2 1\r\n",
  "PING\r\n",
  "PONG\r\n",
  "+OK\r\n",
  "INFO {}\r\n",
  "HMSG x\r\n\r\n",
  pub("a", "hello"),
  pub("a.b", "hello", "a"),
  pub("a", ""),
  hpub("a", header, "x"),
  hpub("a.b", header, "", "a"),
  "PUB a 02\r\nhi\r\n",
  "PUB  a\t b 1 \r\nx\r\n",
);

/** What is likely to matter to a parser. */
const bytes = [..."\r\n\t .*>0159-+{}\"':aPUBSHMNIGC\0\x7f\x80\xff"];

interface Mutation {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  remove: fc.nat(3),
  insert: fc.array(fc.constantFrom(...bytes), { maxLength: 3 }).map((chars) => chars.join("")),
});

function mutate(text: string, { at, remove, insert }: Mutation): string {
  const place = Math.floor(at * text.length);
  return text.slice(0, place) + insert + text.slice(place + remove);
}

const subscription = fc.constantFrom("SUB a 1\r\n", "SUB a.* 2\r\n", "SUB > 3\r\n", "sub a.b q 4\r\n");

/** A few operations with up to three mutations. */
export const almostProtocol: fc.Arbitrary<string> = fc
  .record({
    connect,
    subscription,
    pieces: fc.array(piece, { minLength: 2, maxLength: 10 }),
    mutations: fc.array(mutation, { maxLength: 3 }),
  })
  .map(({ connect, subscription, pieces, mutations }) =>
    mutations.reduce(mutate, connect + subscription + pieces.join("")).slice(0, longest),
  );
