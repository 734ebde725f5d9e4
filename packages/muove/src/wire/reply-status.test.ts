import { headers as natsHeaders } from "@nats-io/nats-core";
import { MsgHdrsImpl } from "@nats-io/nats-core/internal";
import { describe, expect, test } from "vitest";
import { type ReplyStatus, readStatus, statusHeaders } from "./reply-status.js";

/** As another client reads it. */
const read = (block: string) => MsgHdrsImpl.decode(Buffer.from(block));

/** As another client writes it. */
const written = (given: Record<string, string>): string => {
  const headers = natsHeaders();
  for (const [name, value] of Object.entries(given)) headers.set(name, value);
  return Buffer.from((headers as MsgHdrsImpl).encode()).toString("latin1");
};

const serviceErrorCodes: Record<ReplyStatus, string> = {
  failed: "422",
  rejected: "400",
  "unknown-message": "404",
  crashed: "500",
  "reply-too-large": "507",
  overloaded: "429",
  draining: "503",
};
const statuses = Object.keys(serviceErrorCodes) as ReplyStatus[];

describe("a reply's status", () => {
  test.each(statuses)("%s comes out as it went in", (status) => {
    const headers = statusHeaders(status, "a text", { code: "SOLD_OUT", retryAfter: 12.2 });
    expect(readStatus(headers)).toEqual({ status, text: "a text", code: "SOLD_OUT", retryAfter: 13 });
  });

  test.each(statuses)("%s is an error of the NATS service API to other clients", (status) => {
    const headers = read(statusHeaders(status, "a text"));
    expect(headers.get("Nats-Service-Error")).toBe("a text");
    expect(headers.get("Nats-Service-Error-Code")).toBe(serviceErrorCodes[status]);
  });

  test("is one line of ASCII, whatever its text: nobody smuggles a header in by an error code or an issue", () => {
    const headers = read(statusHeaders("rejected", "a\r\nMuove-Status: failed\r\n\r\né"));
    expect([...headers.keys()].sort()).toEqual(["Muove-Status", "Nats-Service-Error", "Nats-Service-Error-Code"]);
    expect(headers.get("Muove-Status")).toBe("rejected");
    expect(headers.get("Nats-Service-Error")).toBe("a Muove-Status: failed");
  });

  test("is bounded, however long its text", () => {
    expect(statusHeaders("rejected", "x".repeat(100_000)).length).toBeLessThan(500);
  });
});

describe("a reply without our status", () => {
  test("is a plain success, with other headers or with none", () => {
    expect(readStatus(written({ "X-Other": "1" }))).toBeUndefined();
    expect(readStatus("")).toBeUndefined();
  });

  test.each([
    { "Nats-Service-Error": "no stock" },
    { "Nats-Service-Error-Code": "500" },
    { "Nats-Service-Error": "no stock", "Nats-Service-Error-Code": "500" },
  ])("is foreign when the NATS service API calls it an error: %j", (given) => {
    expect(readStatus(written(given))).toMatchObject({ status: "foreign" });
  });
});

test.each(["postponed", "toString", "__proto__", "constructor"])(
  "a status that we do not know (%s), from a newer peer, is foreign and no success",
  (status) => {
    expect(readStatus(written({ "Muove-Status": status }))).toMatchObject({ status: "foreign", text: status });
  },
);

test.each(["", "soon", "-", "NaN"])("a time to try again that is malformed (%j) is none", (text) => {
  const headers = written({ "Muove-Status": "overloaded", "Muove-Retry-After": text });
  expect(readStatus(headers)).toMatchObject({ status: "overloaded", retryAfter: 0 });
});

test.each(["60001", "86400000", "999999999999999", "9".repeat(400)])(
  "a time to try again of %s ms is a minute",
  (text) => {
    const headers = written({ "Muove-Status": "overloaded", "Muove-Retry-After": text });
    expect(readStatus(headers)?.retryAfter).toBe(60_000);
    expect(statusHeaders("overloaded", "a text", { retryAfter: Number(text) })).toContain(
      "Muove-Retry-After: 60000\r\n",
    );
  },
);

test("what somebody else wrote is plain and has an end", () => {
  const wild = (length: number): string => `\x1b[31m\x9b${"x".repeat(length)}`;
  const lines = `Nats-Service-Error: ${wild(900_000)}\r\nMuove-Code: ${wild(900)}\r\n`;
  const { text, code } = readStatus(`NATS/1.0\r\nMuove-Status: failed\r\n${lines}\r\n`) ?? {};
  expect(text).toMatch(/^ x{254}…$/);
  expect(code).toMatch(/^ x{62}…$/);
});

test("a time to try again is never in the past", () => {
  const headers = written({ "Muove-Status": "overloaded", "Muove-Retry-After": "-5000" });
  expect(readStatus(headers)?.retryAfter).toBeGreaterThanOrEqual(0);
});
