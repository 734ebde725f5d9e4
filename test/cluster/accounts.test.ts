import { findNatsServer } from "@muove/testkit";
import { describe, expect, test } from "vitest";
import { makeKit } from "../support/kit.js";
import { natsServerVersion } from "../support/nats-server.js";
import { at, everything, failures, neverAbsent, type Place, three } from "./support/everything.js";
import { Topology, textOf } from "./support/topology.js";

// The accounts of docs/topologies.md, what works across them, and what each import is for.

const { major, minor } = natsServerVersion();
const before210 = major === 2 && minor < 10;

/** The imports of accounts.conf, and what fails without each. */
const needed: readonly (readonly [subject: string, what: readonly string[]])[] = [
  ["muove.stock.*", ["a call", "a cast", "a cancelled call", "a cancelled call to everyone", "a plain client"]],
  ["muove.stock._t.*.*", ["a call by tags"]],
  [
    "muove.stock._i.*.*",
    ["a call to one instance", "a call by key", "a monitor of one that comes", "a monitor of one that goes"],
  ],
  ["muove.stock._all.*", ["a call by key", "a call to everyone", "a cancelled call to everyone", "a monitor"]],
  ["muove.stock._event.*", ["an event"]],
  ["muove-presence.stock.*.*", ["a monitor of one that comes", "a monitor of one that goes"]],
  ["$SRV.*.stock", ["the tools of NATS"]],
  ["$SRV.*.stock.*", ["the tools of NATS, about one instance"]],
];

describe.skipIf(findNatsServer() === undefined)("[needs nats-server] across accounts", () => {
  const accounts = async (changes: Readonly<Record<string, string>> = {}): Promise<[Place, Place]> => {
    const nats = await new Topology(makeKit()).start("accounts.conf", "nats", changes);
    return [at(nats, "stock", "secret-1"), at(nats, "shop", "secret-2")];
  };

  test("everything works, but that a server before 2.10 never says that nobody listens", async () => {
    const [warehouse, shop] = await accounts();
    const all = await everything(three(warehouse), shop);
    expect(await all.failures()).toEqual(before210 ? neverAbsent : []);
    expect(all.refused).toBe(0);
  });

  test("an export with a single response loses all answers to everyone but one", async () => {
    const [warehouse, shop] = await accounts({ ", response: stream": "" });
    const lost = await failures(three(warehouse), shop);
    expect(lost.filter((what) => !neverAbsent.includes(what))).toEqual(["a call to everyone", "the tools of NATS"]);
  });

  test.each(needed)("without the import of %s, only that fails which it is for", async (subject, what) => {
    const [warehouse, shop] = await accounts({
      [`{ service: { account: WAREHOUSE, subject: "${subject}" } }`]: "",
      [`{ stream: { account: WAREHOUSE, subject: "${subject}" } }`]: "",
    });
    const lost = await failures(three(warehouse), shop);
    expect(lost.filter((each) => !neverAbsent.includes(each))).toEqual(what);
  });

  test("all imports are tested", () => {
    const subjects = [...textOf("accounts.conf").matchAll(/account: WAREHOUSE, subject: "([^"]+)"/g)].map(
      ([, subject]) => subject,
    );
    expect(needed.map(([subject]) => subject).sort()).toEqual(subjects.sort());
  });

  test("behind a leaf node of an account, nobody says that nobody listens", async () => {
    const topology = new Topology(makeKit());
    const listens = 'server_name: nats-hub\nleafnodes { listen: "0.0.0.0:7422" }';
    const hub = await topology.start("accounts.conf", "nats-hub", {}, listens);
    const edge = await topology.start("leaf-of-account.conf", "nats-leaf");
    expect(await failures(three(at(hub, "stock", "secret-1")), at(edge))).toEqual(neverAbsent);
  });

  test("a mailbox of another account can have a prefix", async () => {
    const nats = await new Topology(makeKit()).start("prefix.conf", "nats");
    const shop = { ...at(nats, "shop", "secret-2"), prefix: "berlin" };
    const lost = await failures(three(at(nats, "stock", "secret-1")), shop);
    const tools = ["the tools of NATS", "the tools of NATS, about one instance"];
    expect(lost.filter((what) => !neverAbsent.includes(what))).toEqual(tools);
  });
});
