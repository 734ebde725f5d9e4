import type { Session } from "../session.js";
import { a, alone, b, c, hello, pub, together } from "./say.js";

const verbose = hello({ verbose: true });
const bad = ["foo..bar", ".foo", "foo.", ".", ">.foo", "foo.>.bar", "foo. bar"];
const odd = ["foo*.bar", "foo>.bar", "*foo", "foo.**", "foo.>>", "*.*", "*.>", ">", "*", "foo.*.bar", "$SYS.x"];
const published = ["foo", "foo.bar", "foo*.bar", "foo>.bar", "*foo", "foo.**", "foo.>>", "foo.x.bar", "a.b.c"];

const three = together.bind(undefined, 3, a(hello()), b(hello()), c(hello()));

export const subscribing: Readonly<Record<string, Session>> = {
  ...Object.fromEntries(
    bad.map((subject) => [
      `a subject that is none: ${subject}`,
      alone(verbose, `SUB ${subject} 1\r\n`, pub("foo.bar", "hi"), "UNSUB 1\r\n"),
    ]),
  ),
  ...Object.fromEntries(
    odd.map((subject) => [
      `an odd subject: ${subject}`,
      alone(verbose, `SUB ${subject} 1\r\n`, ...published.map((to) => pub(to, to))),
    ]),
  ),
  "a bad subject to a quiet client": alone(hello(), "SUB foo..bar 1\r\n"),
  "> needs at least one token": alone(
    hello(),
    "SUB foo.> 1\r\n",
    pub("foo", "1"),
    pub("foo.a", "2"),
    pub("foo.a.b", "3"),
  ),
  "* is one token": alone(hello(), "SUB foo.* 1\r\n", pub("foo", "1"), pub("foo.a", "2"), pub("foo.a.b", "3")),
  "several subscriptions that match": alone(
    hello(),
    "SUB foo.* 1\r\n",
    "SUB foo.> 2\r\n",
    "SUB foo.a 3\r\n",
    "SUB foo.a 4\r\n",
    pub("foo.a", "hi"),
  ),
  "a sid that is in use stays what it was": alone(
    verbose,
    "SUB x 1\r\n",
    "SUB y 1\r\n",
    "SUB y..z 1\r\n",
    pub("x", "1"),
    pub("y", "2"),
  ),
  "a sid that was free again": alone(
    verbose,
    "SUB x 1\r\n",
    "UNSUB 1\r\n",
    "SUB y 1\r\n",
    pub("x", "1"),
    pub("y", "2"),
  ),
  "a sid of a bad subject is free": alone(verbose, "SUB x..y 1\r\n", "SUB y 1\r\n", pub("y", "2")),
  "a huge sid": alone(
    verbose,
    `SUB x ${"9".repeat(2000)}\r\n`,
    pub("x", "hi"),
    `UNSUB ${"9".repeat(2000)} 1\r\n`,
    pub("x", "hi"),
  ),
  "a sid that is no number": alone(verbose, "SUB x \xff-abc\r\n", pub("x", "hi"), "UNSUB \xff-abc\r\n", pub("x", "hi")),
  "UNSUB of nothing": alone(verbose, "UNSUB 1\r\n", "UNSUB 1 2\r\n"),
  "UNSUB twice": alone(verbose, "SUB x 1\r\n", "UNSUB 1\r\n", "UNSUB 1\r\n", pub("x", "hi")),
  "UNSUB with a maximum": alone(hello(), "SUB x 1\r\n", "UNSUB 1 2\r\n", pub("x", "1"), pub("x", "2"), pub("x", "3")),
  "UNSUB with a maximum that is reached already": alone(
    hello(),
    "SUB x 1\r\n",
    pub("x", "1"),
    pub("x", "2"),
    "UNSUB 1 2\r\n",
    pub("x", "3"),
  ),
  "UNSUB with a maximum that counts what was delivered": alone(
    hello(),
    "SUB x 1\r\n",
    pub("x", "1"),
    "UNSUB 1 2\r\n",
    pub("x", "2"),
    pub("x", "3"),
  ),
  "UNSUB with another maximum": alone(
    hello(),
    "SUB x 1\r\n",
    "UNSUB 1 1\r\n",
    "UNSUB 1 3\r\n",
    pub("x", "1"),
    pub("x", "2"),
    pub("x", "3"),
    pub("x", "4"),
  ),
  "UNSUB with a maximum, and then at once": alone(
    hello(),
    "SUB x 1\r\n",
    "UNSUB 1 5\r\n",
    "UNSUB 1\r\n",
    pub("x", "1"),
  ),
  "UNSUB with 0": alone(hello(), "SUB x 1\r\n", "UNSUB 1 0\r\n", pub("x", "1")),
  "UNSUB with what is no number": alone(hello(), "SUB x 1\r\n", "UNSUB 1 many\r\n", pub("x", "1")),
  "UNSUB with a maximum of ten digits": alone(hello(), "SUB x 1\r\n", "UNSUB 1 1000000000\r\n", pub("x", "1")),
  "UNSUB with a maximum, and the sid anew": alone(
    hello(),
    "SUB x 1\r\n",
    "UNSUB 1 1\r\n",
    pub("x", "1"),
    "SUB x 1\r\n",
    pub("x", "2"),
    pub("x", "3"),
  ),
  "a maximum and echo off": together(
    2,
    a(hello({ echo: false })),
    b(hello()),
    a("SUB x 1\r\n"),
    a("UNSUB 1 1\r\n"),
    a(pub("x", "own")),
    b(pub("x", "1")),
    b(pub("x", "2")),
  ),
  "a queue group gets each message once": three(
    a("SUB x A qA1\r\n"),
    b("SUB x A qA2\r\n"),
    c("SUB x A qA3\r\n"),
    ...[1, 2, 3, 4, 5, 6].map((i) => a(pub("x", `${i}`))),
  ),
  "queue groups and plain subscriptions": three(
    a("SUB x A qA1\r\nSUB x 1\r\n"),
    b("SUB x.> A qA2\r\nSUB x B qB1\r\n"),
    c("SUB * A qA3\r\nSUB > 2\r\n"),
    ...[1, 2, 3, 4].map((i) => a(pub("x", `${i}`, "r"))),
    b(pub("x.y", "5")),
  ),
  "members of one group by different subjects": three(
    a("SUB x.* A qA1\r\n"),
    b("SUB x.> A qA2\r\n"),
    c("SUB x.y A qA3\r\n"),
    ...[1, 2, 3, 4].map((i) => c(pub("x.y", `${i}`))),
  ),
  "a queue group that has echo off": together(
    2,
    a(hello({ echo: false })),
    b(hello()),
    a("SUB x A qA1\r\n"),
    b("SUB x A qA2\r\n"),
    ...[1, 2, 3, 4].map((i) => a(pub("x", `${i}`))),
  ),
  "a queue group of one with a maximum": together(
    2,
    a(hello()),
    b(hello()),
    a("SUB x A qA1\r\nUNSUB qA1 2\r\n"),
    ...[1, 2, 3].map((i) => b(pub("x", `${i}`))),
  ),
  "the server's own queue group": alone(verbose, "SUB x _sys_ 1\r\n", "SUB x sys 2\r\n"),
  "subscriptions end with their connection": together(
    2,
    a(hello()),
    b(hello()),
    a("SUB inbox 1\r\n"),
    b("SUB x 1\r\n"),
    b("NONSENSE\r\n"),
    a(pub("x", "hi", "inbox")),
  ),
  "SUB before CONNECT": alone("SUB x 1\r\n", pub("x", "hi")),
};
