import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findNatsServer } from "@muove/testkit";
import { describe, expect, test } from "vitest";

const bench = fileURLToPath(new URL("../../packages/bench/", import.meta.url));
const requests = ["requests-1", "requests-64", "payload-64k"];

/** Runs a few hundred operations in each scenario. The benchmark fails if one of the answers is wrong. */
async function expectRightAnswers(contender: string, scenarios: readonly string[]): Promise<void> {
  const args = ["--json", "--only", contender, "--scenario", scenarios.join(","), "--rounds", "1", "--seconds", "0.2"];
  const { stdout } = await promisify(execFile)(process.execPath, [`${bench}dist/main.js`, ...args]);
  const { failures, rounds } = JSON.parse(stdout).compared;
  expect(failures).toEqual({});
  const [{ runs }] = rounds[contender];
  expect(Object.keys(runs)).toEqual(scenarios);
  for (const scenario of scenarios) expect(runs[scenario].perSecond).toBeGreaterThan(0);
}

describe.skipIf(findNatsServer() === undefined)("[needs nats-server] the contenders of the benchmark", () => {
  test.each(["muove", "official"])("%s gives only right answers, and loses no cast", (contender) =>
    expectRightAnswers(contender, [...requests, "casts"]),
  );

  test.each(["wire-values", "wire"])("%s gives only right answers", (contender) =>
    expectRightAnswers(contender, requests),
  );

  test.each(["muove-1", "muove-1-of-1000", "muove-1000", "wire-1", "wire-1000"])(
    "%s answers at all its mailboxes",
    (contender) => expectRightAnswers(contender, ["mailboxes"]),
  );
});

const direct = ["undici", "fetch", "grpc"];
const question = { id: 1, sku: "tea", quantity: 2, note: "n" };
const answer = { id: 1, cents: 500, note: "n" };

async function loaded(name: string) {
  return (await import(`${bench}dist/contenders/index.js`)).loadContender(name);
}

const installed = existsSync(`${bench}peers/node_modules`);
const peers = installed && findNatsServer() !== undefined;
describe.skipIf(!peers)("[needs the peers, which `npm run bench` installs, and nats-server] the contenders", () => {
  test.each(["services", "moleculer", "nestjs", ...direct])("%s answers every question rightly", (contender) =>
    expectRightAnswers(contender, requests),
  );
});

describe.skipIf(!installed)("[needs the peers, which `npm run bench` installs] those without a broker", () => {
  test.each(direct)("%s refuses a question that breaks the contract", async (name) => {
    const contender = await loaded(name);
    const caller = await contender.connect(await contender.listen());
    expect(await caller.ask(question)).toBe(true);
    await expect(caller.ask({ ...question, quantity: 0 })).rejects.toThrow(/quantity/);
  });

  test.each(["undici", "fetch"])("%s refuses an answer that breaks the contract", async (name) => {
    await using server = createServer((_, response) => response.end(JSON.stringify({ ...answer, cents: "500" })));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const caller = await (await loaded(name)).connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await expect(caller.ask(question)).rejects.toThrow(/expected number/);
    server.closeAllConnections();
  });
});
