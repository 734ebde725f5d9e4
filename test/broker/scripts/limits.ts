import type { Session } from "../session.js";
import { a, alone, header, hello, hpub, pub } from "./say.js";

const short = 'CONNECT {"verbose":false,"pedantic":false,"headers":true}\r\n';
const line = (length: number): string => `SUB ${"x".repeat(length - 2)} 1\r\n`;

export const limits: Readonly<Record<string, Session>> = {
  "the largest payload": alone(short, "SUB x 1\r\n", pub("x", "y".repeat(32))),
  "a payload that is a byte too long": alone(short, "SUB x 1\r\n", pub("x", "y".repeat(33))),
  "too large a size ends the connection before the payload has come": alone(short, { on: 0, send: ["PUB x 33\r\n"] }),
  "a header counts towards the limit": alone(
    short,
    "SUB x 1\r\n",
    hpub("x", header, "y".repeat(32 - header.length)),
    hpub("x", header, "y".repeat(33 - header.length)),
  ),
  "the longest line": alone(short, line(64), pub("x".repeat(62), "1"), "UNSUB 1\r\n"),
  "a line that is a byte longer": alone(short, line(65)),
  "the longest line, with LF alone": alone(short, line(64).replace("\r", "")),
  "a line that is too long and never ends": alone(short, { on: 0, send: [`SUB ${"x".repeat(65)}`] }),
  "a line of two chunks that is not yet too long": alone(
    short,
    a(`SUB ${"x".repeat(62)}`, " 1\r\n"),
    pub("x".repeat(62), "1"),
  ),
  "a line that becomes too long in its second chunk": alone(short, a(`SUB ${"x".repeat(40)}`, `${"x".repeat(40)}`)),
  "spaces before the arguments do not count": alone(short, `SUB${" ".repeat(100)}x 1\r\n`, pub("x", "1")),
  "spaces after the arguments count": alone(short, `SUB x 1${" ".repeat(64)}\r\n`),
  "CONNECT that is too long": alone(hello()),
  "PUB that is too long": alone(short, `PUB ${"x".repeat(70)} 2\r\nhi\r\n`),
  "PING has no such limit": alone(short, { on: 0, send: [`PING${" ".repeat(200)}\r\n`], pings: 1 }),
};
