import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { eventually, findNatsServer, type Service, type Testkit, testkit } from "@muove/testkit";
import type { Point } from "./measured.js";
import { page } from "./page.js";
import { type Traffic, Wire } from "./wire.js";

// Measures the cost of monitoring a mailbox by the number of instances.

const sizes = [1, 10, 100];
const seconds = 5;
const killings = 5;

await using kit = testkit();
const on = findNatsServer() === undefined ? "embedded" : "nats-server";
const { url } = await kit.nats({ on });
const [instances, monitoring] = await Promise.all([start("instances"), start("monitoring")]);
const points: Point[] = [];
for (const size of sizes) points.push(await measure(size));
writeFileSync(fileURLToPath(new URL("../../../../docs/monitors.md", import.meta.url)), page(points, on, seconds));
process.stdout.write("Wrote docs/monitors.md\n");

async function start(name: string): Promise<Service> {
  const service = await (kit as Testkit).service({ entry: new URL(`./${name}.js`, import.meta.url), nats: url });
  await service.ready;
  return service;
}

async function measure(size: number): Promise<Point> {
  await instances.ask("grow", size);
  const quiet = await costs();
  const settle = await monitoring.ask<number>("begin");
  const monitored = await costs();
  await eventually(async () => (await monitoring.ask("known")) === size);
  const closed = await closing();
  await instances.ask("grow", size);
  const killed = await killing(size);
  const everyone = await monitoring.ask<number>("everyone");
  const [plain, keyed] = [
    await monitoring.ask<number>("plain", seconds),
    await monitoring.ask<number>("keyed", seconds),
  ];
  await monitoring.ask("stop");
  await silence();
  process.stdout.write(`${size} instances: ${Math.round(monitored.traffic.messages)} messages a second\n`);
  return {
    instances: size,
    quiet: quiet.traffic,
    monitored: monitored.traffic,
    monitorCpu: monitored.monitor - quiet.monitor,
    instanceCpu: (monitored.instances - quiet.instances) / size,
    settle,
    closed,
    killed,
    plain,
    keyed,
    everyone,
  };
}

/** Measures the traffic, and the CPU share of both processes, for a time. */
async function costs(): Promise<{ traffic: Traffic; monitor: number; instances: number }> {
  const before = await Promise.all([cpu(monitoring), cpu(instances)]);
  const traffic = await onTheWire(seconds);
  const after = await Promise.all([cpu(monitoring), cpu(instances)]);
  const [monitor, all] = after.map((time, i) => (time - (before[i] ?? 0)) / seconds) as [number, number];
  return { traffic, monitor, instances: all };
}

/** In seconds. */
async function cpu(service: Service): Promise<number> {
  const { user, system } = await service.ask<NodeJS.CpuUsage>("cpu");
  return (user + system) / 1e6;
}

/** The time from a clean close until the monitor reports it. All times are on one clock. */
async function closing(): Promise<number> {
  const told = monitoring.ask<number>("down");
  const { at } = await instances.ask<{ at: number }>("close");
  return (await told) - at;
}

/** The median time from SIGKILL until the monitor reports it. */
async function killing(size: number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < killings; i++) {
    const victim = await start("instances");
    await victim.ask("grow", 1);
    await eventually(async () => (await monitoring.ask("known")) === size + 1);
    const told = monitoring.ask<number>("down");
    const at = Date.now();
    await victim.kill();
    times.push((await told) - at);
  }
  return times.sort((a, b) => a - b)[Math.floor(killings / 2)] as number;
}

/** Waits until no instance beats any more. */
async function silence(): Promise<void> {
  await eventually(async () => (await onTheWire(1)).messages === 0, { within: 120_000 });
}

/** A subscription to all subjects keeps the server from reporting "no responders", so it exists only while counting. */
async function onTheWire(during: number): Promise<Traffic> {
  const wire = await Wire.tap(url);
  const traffic = await wire.during(during);
  await wire.close();
  return traffic;
}
