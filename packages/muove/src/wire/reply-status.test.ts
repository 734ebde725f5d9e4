import { headers as natsHeaders } from "@nats-io/nats-core";
import { MsgHdrsImpl } from "@nats-io/nats-core/internal";
import { describe, expect, test } from "vitest";
import { type ReplyStatus, readStatus, statusHeaders } from "./reply-status.js";

/** Headers as another client reads them. */
const read = (block: string) => MsgHdrsImpl.decode(Buffer.from(block));

/** Headers as another client writes them. */
const written = (given: Record<string, string>): string => {
  const headers = natsHeaders();
  for (const [name, value] of Object.entries(given)) headers.set(name, value);
  return Buffer.from((headers as MsgHdrsImpl).encode()).toString("latin1");
};

const serviceErrorCodes: Record<ReplyStatus, string> = {
  failed: "422",
  rejected: "400",
  refused: "403",
  "unknown-message": "404",
  crashed: "500",
  "reply-too-large": "507",
  overloaded: "429",
  draining: "503",
  interrupted: "503",
};
const statuses = Object.keys(serviceErrorCodes) as ReplyStatus[];

describe("a reply's status", () => {
  test.each(statuses)("%s is read as it was written", (status) => {
    const headers = statusHeaders(status, "a text", { code: "SOLD_OUT", retryAfter: 12.2 });
    expect(readStatus(headers)).toEqual({ status, text: "a text", code: "SOLD_OUT", retryAfter: 13 });
  });

  test.each(statuses)("%s is an error of the NATS service API to other clients", (status) => {
    const headers = read(statusHeaders(status, "a text"));
    expect(headers.get("Nats-Service-Error")).toBe("a text");
    expect(headers.get("Nats-Service-Error-Code")).toBe(serviceErrorCodes[status]);
  });

  test("is one line of ASCII: an error code or an issue cannot add a header", () => {
    const headers = read(statusHeaders("rejected", "a\r\nMuove-Status: failed\r\n\r\né"));
    expect([...headers.keys()].sort()).toEqual(["Muove-Status", "Nats-Service-Error", "Nats-Service-Error-Code"]);
    expect(headers.get("Muove-Status")).toBe("rejected");
    expect(headers.get("Nats-Service-Error")).toBe("a Muove-Status: failed");
  });

  test("is bounded for any text", () => {
    expect(statusHeaders("rejected", "x".repeat(100_000)).length).toBeLessThan(500);
  });
});

describe("a reply without a Muove-Status", () => {
  test("is a plain success, with other headers or with none", () => {
    expect(readStatus(written({ "X-Other": "1" }))).toBeUndefined();
    expect(readStatus("")).toBeUndefined();
  });

  test.each([
    { "Nats-Service-Error": "no stock" },
    { "Nats-Service-Error-Code": "500" },
    { "Nats-Service-Error": "no stock", "Nats-Service-Error-Code": "500" },
  ])("is foreign if it is an error of the NATS service API: %j", (given) => {
    expect(readStatus(written(given))).toMatchObject({ status: "foreign" });
  });
});

test.each(["postponed", "toString", "__proto__", "constructor"])(
  "an unknown status (%s), from a newer peer, is foreign and not a success",
  (status) => {
    expect(readStatus(written({ "Muove-Status": status }))).toMatchObject({ status: "foreign", text: status });
  },
);

test.each(["", "soon", "-", "NaN"])("a malformed retry-after (%j) counts as 0", (text) => {
  const headers = written({ "Muove-Status": "overloaded", "Muove-Retry-After": text });
  expect(readStatus(headers)).toMatchObject({ status: "overloaded", retryAfter: 0 });
});

test.each(["60001", "86400000", "999999999999999", "9".repeat(400)])(
  "a retry-after of %s ms becomes a minute",
  (text) => {
    const headers = written({ "Muove-Status": "overloaded", "Muove-Retry-After": text });
    expect(readStatus(headers)?.retryAfter).toBe(60_000);
    expect(statusHeaders("overloaded", "a text", { retryAfter: Number(text) })).toContain(
      "Muove-Retry-After: 60000\r\n",
    );
  },
);

test("foreign text is cleaned and bounded", () => {
  const wild = (length: number): string => `\x1b[31m\x9b${"x".repeat(length)}`;
  const lines = `Nats-Service-Error: ${wild(900_000)}\r\nMuove-Code: ${wild(900)}\r\n`;
  const { text, code } = readStatus(`NATS/1.0\r\nMuove-Status: failed\r\n${lines}\r\n`) ?? {};
  expect(text).toMatch(/^ x{254}…$/);
  expect(code).toMatch(/^ x{62}…$/);
});

test("a retry-after is never negative", () => {
  const headers = written({ "Muove-Status": "overloaded", "Muove-Retry-After": "-5000" });
  expect(readStatus(headers)?.retryAfter).toBeGreaterThanOrEqual(0);
});
