import { findNatsServer, type Service, testkit } from "@muove/testkit";
import { writeDocs } from "../report/write-docs.js";
import { drawCurve } from "./curve.js";
import type { Measured, Point } from "./measured.js";
import { page } from "./page.js";
import type { Tallied } from "./tally.js";

// Measures a mailbox from half to twenty times its capacity, and draws the curve.

const factors = [0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 20];
const work = 1;
const seconds = 4;

const kit = testkit();
try {
  const measured = await measure();
  writeDocs("overload", page(measured, seconds), drawCurve(measured));
} finally {
  await kit.close();
}

async function measure(): Promise<Measured> {
  const on = findNatsServer() === undefined ? "embedded" : "nats-server";
  const { url } = await kit.nats({ on });
  const [service, load] = await Promise.all([start("service", url), start("load", url)]);
  await load.ask("closedLoop", 16, work, 2);
  const before = await capacity(load);
  const heapBefore = Number(await service.ask("heap"));
  const points: Point[] = [];
  for (const factor of factors) points.push(await point(load, factor, Math.round(before * factor)));
  const after = await capacity(load);
  return { on, capacities: [before, after], points, heap: [heapBefore, Number(await service.ask("heap"))] };
}

async function start(name: string, url: string): Promise<Service> {
  const service = await kit.service({ entry: new URL(`./${name}.js`, import.meta.url), env: { NATS_URL: url } });
  await service.ready;
  return service;
}

async function capacity(load: Service): Promise<number> {
  return ((await load.ask("closedLoop", 16, work, seconds)) as Tallied).goodput;
}

async function point(load: Service, factor: number, rate: number): Promise<Point> {
  const result = (await load.ask("openLoop", rate, work, seconds)) as Tallied;
  process.stdout.write(`${factor} times the capacity: ${Math.round(result.goodput)} answered per second\n`);
  return { factor, rate, result };
}
