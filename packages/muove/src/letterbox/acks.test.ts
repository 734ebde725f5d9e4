import { expect, test, vi } from "vitest";
import type { Link } from "../link/index.js";
import { Acks } from "./acks.js";

function acks() {
  const fences: ((answered: boolean) => void)[] = [];
  const link = {
    up: true,
    publish: vi.fn((_subject: string, _payload: Buffer) => link.up),
    fence: () => new Promise<boolean>((resolve) => void fences.push(resolve)),
  };
  const made = new Acks(link as unknown as Link, { delay: 0, pause: 0 });
  const sent = () => link.publish.mock.calls.map(([subject]) => subject);
  const answer = async (answered: boolean) => {
    fences.shift()?.(answered);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { acks: made, link, sent, answer, fences };
}

test("ACKS-1 what a connection may have lost is said again on the next one", async () => {
  const { acks: made, link, sent, answer } = acks();
  made.add("a");
  made.add("b");
  link.up = false;
  await answer(false);
  made.add("c"); // There is no connection.
  expect(sent()).toEqual(["a", "b", "c"]);
  link.publish.mockClear();
  link.up = true;
  made.connected();
  expect(sent()).toEqual(["a", "b", "c"]);
});

test("ACKS-1 also when it is as much as is remembered, before the ping and after it", async () => {
  const { acks: made, link, sent, answer } = acks();
  const most = 65_536;
  const add = (from: number) => {
    for (let n = from; n < from + most; n++) made.add(`${n}`);
  };
  made.add("first");
  add(0);
  await answer(true); // Another ping leaves.
  add(most);
  link.publish.mockClear();
  made.connected();
  expect(new Set(sent()).size).toBe(2 * most);
});

test("ACKS-1 what the server has answered a later ping for is not said again", async () => {
  const { acks: made, link, sent, answer, fences } = acks();
  made.add("a");
  made.add("b"); // After the ping, so it needs another one.
  await answer(true);
  expect(fences).toHaveLength(1);
  link.publish.mockClear();
  made.connected();
  expect(sent()).toEqual(["b"]);
  await answer(true);
  await answer(true);
  link.publish.mockClear();
  made.connected();
  expect(sent()).toEqual([]);
});

test("it is settled when the server has all", async () => {
  const { acks: made, answer } = acks();
  await made.settled();
  made.add("a");
  const settled = vi.fn();
  void made.settled().then(settled);
  await new Promise((resolve) => setImmediate(resolve));
  expect(settled).not.toHaveBeenCalled();
  await answer(true);
  expect(settled).toHaveBeenCalledOnce();
});

test("it is not settled while a connection is lost that may have lost some", async () => {
  const { acks: made, link, answer } = acks();
  made.add("a");
  const settled = vi.fn();
  void made.settled().then(settled);
  link.up = false;
  await answer(false);
  expect(settled).not.toHaveBeenCalled();
  link.up = true;
  made.connected();
  await answer(true);
  expect(settled).toHaveBeenCalledOnce();
});

test("it is settled when the next connection is there before the end of the last one is known", async () => {
  const { acks: made, answer } = acks();
  made.add("a");
  const settled = vi.fn();
  void made.settled().then(settled);
  made.connected();
  await answer(false); // Of the last connection.
  expect(settled).not.toHaveBeenCalled();
  await answer(true);
  expect(settled).toHaveBeenCalledOnce();
});

test("ACKS-2 they leave together, within 2 ms, and one ping is for all of a tenth of a second", async () => {
  const sent: string[] = [];
  const fence = vi.fn(async () => true);
  const link = { up: true, publish: (subject: string) => sent.push(subject) > 0, fence };
  const made = new Acks(link as unknown as Link);
  for (const subject of ["a", "b"]) made.add(subject);
  expect(sent).toEqual([]);
  await vi.waitFor(() => expect(sent).toEqual(["a", "b"]));
  for (let n = 0; n < 64; n++) made.add(`${n}`);
  expect(sent).toHaveLength(66); // As many as leave together do not wait.
  expect(fence).not.toHaveBeenCalled();
  await made.settled(); // Does not wait for the tenth of a second.
  expect(fence).toHaveBeenCalledOnce();
});
