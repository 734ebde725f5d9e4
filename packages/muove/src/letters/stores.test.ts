import { describe, expect, test, vi } from "vitest";
import type { ApiResult, JetStreamApi } from "../jetstream/api.js";
import type { StreamConfig } from "../jetstream/configs.js";
import { ensureStream, keepsMail, Stores } from "./stores.js";

const config = { name: "S" } as StreamConfig;
const error = (errCode: number): ApiResult => ({ kind: "error", code: 400, errCode, description: `error ${errCode}` });
const reply: ApiResult = { kind: "reply", body: { config: { name: "S" }, ts: "1970-01-01T00:00:01Z" } };

function api(...results: readonly ApiResult[]) {
  const left = [...results];
  const requests: string[] = [];
  const request = async (name: string): Promise<ApiResult> => {
    requests.push(name);
    return left.shift() ?? { kind: "silent" };
  };
  return { api: { request } as unknown as JetStreamApi, requests };
}

describe("a stream", () => {
  test("that is there is ready", async () => {
    const found = { kind: "ready", made: false, found: { name: "S" }, time: 1_000 };
    expect(await ensureStream(api(reply).api, config)).toEqual(found);
  });

  test("that is not there is made", async () => {
    const { api: made, requests } = api(error(10059), reply);
    expect(await ensureStream(made, config)).toMatchObject({ kind: "ready", made: true });
    expect(requests).toEqual(["STREAM.INFO.S", "STREAM.CREATE.S"]);
  });

  test("that somebody else makes at the same time is ready", async () => {
    expect(await ensureStream(api(error(10059), error(10058)).api, config)).toMatchObject({
      kind: "ready",
      made: false,
    });
  });

  test.each([10003, 10004, 10008, 10009, 10118])("may come when the error is %i", async (code) => {
    expect(await ensureStream(api(error(code)).api, config)).toEqual({ kind: "later" });
  });

  test.each(["silent", "lost"] as const)("may be there when the API is %s", async (kind) => {
    expect(await ensureStream(api({ kind }).api, config)).toEqual({ kind: "later" });
  });

  test("is missing where there is no JetStream, or permissions refuse it", async () => {
    expect(await ensureStream(api({ kind: "none" }).api, config)).toMatchObject({ kind: "missing" });
    const forbidden = { kind: "forbidden" } as const;
    expect(await ensureStream(api(forbidden, forbidden).api, config)).toMatchObject({
      kind: "missing",
      reason: "NATS permissions refuse to look its stream up",
    });
    expect(await ensureStream(api(error(10059), forbidden).api, config)).toMatchObject({
      kind: "missing",
      reason: expect.stringContaining("refuse to make it"),
    });
    expect(await ensureStream(api(error(10059), error(10047)).api, config)).toEqual({
      kind: "missing",
      reason: "error 10047",
    });
  });

  test("whose subjects another one captures is a conflict", async () => {
    expect(await ensureStream(api(error(10059), error(10065)).api, config)).toMatchObject({ kind: "conflict" });
  });
});

test("STORES-1 however many letters wait for a stream, one request asks for it", async () => {
  const link = { subscribe: () => ({}), publish: vi.fn(() => false) };
  const inbox = { open: () => 1, close: () => {}, subject: () => "r" };
  const stores = new Stores({ link, inbox } as never);
  const asked = await Promise.all(Array.from({ length: 100 }, () => stores.ensure(config, undefined)));
  expect(new Set(asked)).toEqual(new Set([{ kind: "later" }]));
  expect(link.publish).toHaveBeenCalledTimes(1);
  await stores.ensure(config, undefined);
  expect(link.publish).toHaveBeenCalledTimes(2); // Nobody knew.
});

test.each([
  ["2.9.10", false],
  ["1.4.0", false],
  ["2.10.0", true],
  ["2.15.1", true],
  ["3.0.0", true],
  ["2.10.0-beta.1", true],
  ["something", true],
  [undefined, true],
])("a server %s keeps mail: %s", (version, keeps) => {
  expect(keepsMail(version)).toBe(keeps);
});
