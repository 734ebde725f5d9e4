import { cast, mailbox } from "@muove/contract";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Logger } from "../base/logger.js";
import { mailPlan } from "../letters/streams.js";
import type { ArrivalEnvironment } from "./arrivals.js";
import { StoreClock } from "./clock.js";
import { Opening } from "./opening.js";
import { type Provided, provide } from "./provider.js";

vi.mock("./provider.js", () => ({ provide: vi.fn() }));

const plan = mailPlan(undefined, mailbox("post", { send: cast({ durable: true }) }));
const open: Provided = { kind: "open", drift: [], made: [], paused: [] };
const impossible: Provided = { kind: "impossible", why: "no JetStream" };
const link = { up: true };
const opened = vi.fn();
const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
let opening: Opening;

beforeEach(() => {
  for (const mock of [opened, log.info, log.warn, log.error, vi.mocked(provide)]) mock.mockReset();
  const env = { link } as ArrivalEnvironment;
  if (plan === undefined) throw new Error("no plan");
  opening = new Opening(env, plan, log as unknown as Logger, new StoreClock(), opened);
});

afterEach(() => opening.end());

const looked = (times: number) => vi.waitFor(() => expect(provide).toHaveBeenCalledTimes(times), { timeout: 3_000 });

test("OPENING-1 it looks once at a time, and not later than it was asked to", async () => {
  let answer = (_: Provided): void => {};
  vi.mocked(provide).mockImplementation(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  opening.soon();
  opening.now();
  opening.soon();
  await looked(1);
  opening.now();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(provide).toHaveBeenCalledTimes(1);
  answer(open);
  await vi.waitFor(() => expect(opened).toHaveBeenCalledOnce());
});

test("it looks again while nobody can tell, and gives up when it ends", async () => {
  vi.mocked(provide).mockResolvedValueOnce({ kind: "later" }).mockResolvedValue(open);
  opening.now();
  await looked(2);
  await vi.waitFor(() => expect(opened).toHaveBeenCalledOnce());
  opening.end();
  opening.now();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(provide).toHaveBeenCalledTimes(2);
});

test("OPENING-2 what changes is said once", async () => {
  vi.mocked(provide).mockResolvedValue(impossible);
  opening.now();
  await vi.waitFor(() => expect(opening.problem).toBe("no JetStream"));
  opening.now();
  await looked(2);
  expect(log.error.mock.calls.map(([, text]) => text)).toEqual(["letters cannot be kept"]);
  vi.mocked(provide).mockResolvedValue(open);
  opening.now();
  await vi.waitFor(() => expect(opening.problem).toBeUndefined());
  opening.now();
  await looked(4);
  expect(log.info.mock.calls.map(([, text]) => text)).toEqual(["letters are kept"]);
});
