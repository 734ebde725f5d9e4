// The tests again, in other surroundings: with another nats-server (see nats-servers.sh), on another Node (see nodes.mjs), or
// both at once.
//
//   node scripts/surroundings.mjs                     each nats-server but the one in PATH, and each newer Node, in pairs
//   node scripts/surroundings.mjs nats-server@2.10    that one, on this Node
//   node scripts/surroundings.mjs node@24             that one, with the nats-server in PATH
//   node scripts/surroundings.mjs node@24+nats-server@2.15 node@22
//   node scripts/surroundings.mjs --newest            the newest of both, in one pair
//
// `npm test` has this Node and the nats-server in PATH. In pairs every other one is met once, in half the time; what fails in a
// pair is run again by itself to see whose doing it is. It fails when one that was asked for cannot be had.
import { spawnSync } from "node:child_process";
import { suites, table } from "./suites.mjs";
import { prepare, root, say } from "./workspace.mjs";

/**
 * @typedef {{ version: string, program: string }} Program
 * @typedef {{ node?: Program | undefined, server?: Program | undefined }} Surrounding
 */

/** Tests that run on a real server say so. What runs on the embedded broker, too, is the same test: one of the two will do. */
const real = "needs nats-server";
const conformance = ["test/conformance"];
const onServers = ["broker", "cluster", "docs", "examples", "link", "shop", "testkit"].map((name) => `test/${name}`);

const { NATS_SERVER } = process.env;
const usual = versionOf(NATS_SERVER || "nats-server");

const wanted = process.argv.slice(2);
const { surroundings, complete } = chosen();
await prepare();
/** @type {Map<string, import("./suites.mjs").Results>} */
const results = new Map();
for (const surrounding of surroundings) {
  const { node, server } = surrounding;
  const name = [node && `Node ${node.version}`, server && `nats-server ${server.version}`].filter(Boolean).join(", ");
  say(name);
  const env = server && { env: { NATS_SERVER: server.program } };
  results.set(name, await suites(name, runsFor(surrounding), { ...(node && { node: node.program }), ...env }));
}
process.exitCode = table(results) && complete ? 0 : 1;

/**
 * What depends on Node, what depends on the server, and nothing twice.
 *
 * @param {Surrounding} surrounding
 * @returns {import("./suites.mjs").Run[]}
 */
function runsFor({ node, server }) {
  const only = server || usual ? { only: real } : {};
  return [
    ...(node ? [{ projects: ["unit"] }] : []),
    { projects: ["system", "faults"], paths: [...conformance, ...(server ? onServers : [])], ...only },
    { projects: ["failures", "threats"], ...only },
  ];
}

/** @returns {{ surroundings: Surrounding[], complete: boolean }} */
function chosen() {
  if (wanted[0] === "--newest") return newest();
  return wanted.length > 0 ? { surroundings: wanted.map(named), complete: true } : pairs();
}

/** @returns {{ surroundings: Surrounding[], complete: boolean }} */
function newest() {
  const nodes = available("node", ["scripts/nodes.mjs"]);
  const servers = available("bash", ["scripts/nats-servers.sh"]);
  const [node, server] = [nodes, servers].map(({ programs }) => programs.sort(byVersion).at(-1));
  if (node === undefined || server === undefined) throw new Error("there is no newer Node, or no other nats-server");
  return { surroundings: [{ node, server }], complete: nodes.complete && servers.complete };
}

/**
 * @param {Program} a
 * @param {Program} b
 */
function byVersion(a, b) {
  return a.version.localeCompare(b.version, "en", { numeric: true });
}

/** @returns {{ surroundings: Surrounding[], complete: boolean }} */
function pairs() {
  const nodes = available("node", ["scripts/nodes.mjs"]);
  const all = available("bash", ["scripts/nats-servers.sh"]);
  const servers = all.programs.filter(({ version }) => version !== usual);
  const length = Math.max(nodes.programs.length, servers.length);
  return {
    surroundings: Array.from({ length }, (_, i) => ({ node: nodes.programs[i], server: servers[i] })),
    complete: nodes.complete && all.complete,
  };
}

/**
 * @param {string} name such as `node@24+nats-server@2.15`
 * @returns {Surrounding}
 */
function named(name) {
  const [, node, server] = /^(?:node@(\d+))?(?:^|\+|$)(?:nats-server@([\d.]+))?$/.exec(name) ?? [];
  if (!node && !server) throw new Error(`${name}: should be node@…, nats-server@…, or node@…+nats-server@…`);
  return {
    ...(node && { node: demand(name, available("node", ["scripts/nodes.mjs", node]).programs) }),
    ...(server && { server: demand(name, available("bash", ["scripts/nats-servers.sh"]).programs, server) }),
  };
}

/**
 * @param {string} name
 * @param {readonly Program[]} programs
 * @param {string} start of its version
 */
function demand(name, programs, start = "") {
  const program = programs.find(({ version }) => start === "" || `${version}.`.startsWith(`${start}.`));
  if (program === undefined) throw new Error(`${name} cannot be had`);
  return program;
}

/**
 * What a script says that there is, a version and a path in each line; it says itself what there is not.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {{ programs: Program[], complete: boolean }}
 */
function available(command, args) {
  const { stdout, status } = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = stdout.split("\n").map((line) => line.split(" "));
  const programs = lines.flatMap(([version, program]) => (version && program ? [{ version, program }] : []));
  return { programs, complete: status === 0 };
}

/** @param {string} program */
function versionOf(program) {
  const { stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  return /v([\d.]+)/.exec(stdout ?? "")?.[1];
}
