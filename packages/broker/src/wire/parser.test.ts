import { describe, expect, it } from "vitest";
import { type Operations, Parser } from "./parser.js";
import { Violation } from "./violation.js";

/** Records its calls. The last argument of PUB is its size. */
class Recorder implements Operations {
  readonly calls: string[] = [];
  begins = 0;

  begin(): void {
    this.begins++;
  }

  line(verb: string, bytes: Buffer, start: number, end: number): number {
    const line = bytes.toString("latin1", start, end);
    this.calls.push(`${verb}(${line})`);
    return verb === "PUB" ? Number(line.split(" ").at(-1)) : verb === "HMSG" ? 0 : -1;
  }

  payload(bytes: Buffer, start: number, end: number): void {
    this.calls.push(bytes.toString("latin1", start, end));
  }

  bare(verb: string): void {
    this.calls.push(verb);
  }
}

function parse(...chunks: string[]): string[] {
  const recorder = new Recorder();
  const parser = new Parser(recorder, 64);
  for (const chunk of chunks) parser.feed(Buffer.from(chunk, "latin1"));
  return recorder.calls;
}

function violation(...chunks: string[]): string | undefined {
  try {
    parse(...chunks);
  } catch (error) {
    if (error instanceof Violation) return error.reply;
    throw error;
  }
  throw new Error("nothing was violated");
}

const stream =
  "CONNECT {}\r\nsub a 1\r\nPUB a b 7\r\nhe\r\nllo\r\nPING\r\nPUB a 0\r\n\r\nUNSUB 1\n+OK\r\npong\r\n-err 'x'\r\n";
const whole = [
  "CONNECT({})",
  "SUB(a 1)",
  "PUB(a b 7)",
  "he\r\nllo\r\n",
  "PING",
  "PUB(a 0)",
  "\r\n",
  "UNSUB(1)",
  "+OK",
  "PONG",
  "-ERR('x')",
];

describe("the parser", () => {
  it("splits a stream into operations", () => {
    expect(parse(stream)).toEqual(whole);
  });

  it("gives the same result wherever the stream is cut in two", () => {
    for (let at = 1; at < stream.length; at++) expect(parse(stream.slice(0, at), stream.slice(at))).toEqual(whole);
  });

  it("gives the same result byte by byte", () => {
    expect(parse(...stream)).toEqual(whole);
  });

  it("announces each operation once, at its start", () => {
    const recorder = new Recorder();
    const parser = new Parser(recorder, 64);
    parser.feed(Buffer.from("P"));
    expect(recorder.begins).toBe(1);
    parser.feed(Buffer.from("ING\r\nS"));
    expect(recorder.begins).toBe(2);
  });

  it("delivers operations before a violation", () => {
    const recorder = new Recorder();
    expect(() => new Parser(recorder, 64).feed(Buffer.from("PING\r\nFOO\r\n"))).toThrow(Violation);
    expect(recorder.calls).toEqual(["PING"]);
  });

  it.each(["FOO", "PX", "SUBX", "PUB\r\n", "\r\n", " PING", "MSG a 1 1\r\n"])("refuses %j as unknown", (text) => {
    expect(violation(text)).toBe("Unknown Protocol Operation");
  });

  it("refuses a payload at the first extra byte", () => {
    expect(violation("PUB a 2\r\nhix")).toBe("Unknown Protocol Operation");
    expect(violation("PUB a 2\r\n", "hi", "\r", "x")).toBe("Unknown Protocol Operation");
    expect(violation("PUB a 2\r\n", "hi", "x")).toBe("Unknown Protocol Operation");
  });

  it("bounds a control line, ended or not, in one chunk or several", () => {
    const longest = `SUB ${"x".repeat(62)} 1`.slice(4);
    expect(longest.length).toBe(64);
    expect(parse(`SUB ${longest}\r\n`)).toEqual([`SUB(${longest})`]);
    expect(violation(`SUB ${longest}2\r\n`)).toBe("maximum control line exceeded");
    expect(violation(`SUB ${longest}2`)).toBe("maximum control line exceeded");
    expect(violation(`SUB ${longest}`, "2")).toBe("maximum control line exceeded");
  });

  it("accepts any first byte of an argument", () => {
    expect(parse("SUB \na 1\r\n")).toEqual(["SUB(\na 1)"]);
    expect(parse("SUB \r\n")).toEqual(["SUB(\r)"]);
  });

  it("shortens a line with a CR in it by one byte", () => {
    expect(parse("SUB a\rb 12\n")).toEqual(["SUB(a\rb 1)"]);
  });

  it("treats an HMSG in one chunk as an empty message, and refuses one in two", () => {
    expect(parse("HMSG x\r\n\r\n")).toEqual(["HMSG(x)", "\r\n"]);
    expect(violation("HMSG x\r\n", "\r\n")).toBe("Unknown Protocol Operation");
  });
});
