import { eventually, freePort } from "@muove/testkit";
import { lives } from "../../support/processes.js";
import { docker } from "./docker.js";

/** The services that are taken away. The storefront is asked meanwhile. */
export const others = [
  "nats",
  "catalogue",
  "pricing",
  "inventory",
  "recommendations",
  "orders",
  "notifications",
] as const;

export type Other = (typeof others)[number];

/** The ways in which a service is taken away, each with the command that brings it back. */
export const ways = {
  stop: (shop) => [
    ["stop", shop],
    ["start", shop],
  ],
  kill: (shop) => [
    ["kill", shop],
    ["start", shop],
  ],
  pause: (shop) => [
    ["pause", shop],
    ["unpause", shop],
  ],
  disconnect: (shop, service, network) => [
    ["network", "disconnect", network, shop],
    ["network", "connect", "--alias", service, network, shop],
  ],
} satisfies Record<string, (container: string, service: Other, network: string) => [string[], string[]]>;

export type Way = keyof typeof ways;

const file = ["-f", "examples/shop/compose.yaml"];
const prefix = "muove-test-";

/** The shop of examples/shop/compose.yaml, with its own project name and port. */
export class Shop {
  /** Contains the pid, so that a later run can see whether its owner is gone. */
  readonly project = `${prefix}${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  readonly url: string;
  readonly #env: NodeJS.ProcessEnv;

  static async create(): Promise<Shop> {
    await removeLeftovers();
    return new Shop(await freePort());
  }

  private constructor(port: number) {
    this.url = `http://127.0.0.1:${port}`;
    this.#env = { SHOP_PORT: String(port) };
  }

  async compose(...args: readonly string[]): Promise<string> {
    return await docker(["compose", ...file, "-p", this.project, ...args], this.#env);
  }

  container(service: string, index = 1): string {
    return `${this.project}-${service}-${index}`;
  }

  /** Takes a service away. Resolves to a function that brings it back. */
  async takeAway(service: Other, way: Way, index = 1): Promise<() => Promise<void>> {
    const [away, back] = ways[way](this.container(service, index), service, `${this.project}_default`);
    await obeyed(away);
    return async () => void (await docker(back));
  }

  async page(sku = "mug"): Promise<Page> {
    const response = await fetch(`${this.url}/products/${sku}`, { signal: AbortSignal.timeout(5_000) });
    return (await response.json()) as Page;
  }

  /** Waits until a page has nothing degraded. */
  async whole(within = 60_000): Promise<void> {
    const parts = async () => Object.keys((await this.page()).degraded).join();
    await eventually(async () => (await parts()) === "", { within, what: "a page with nothing degraded" });
  }

  /** Removes all containers, networks and volumes, in any state. */
  async close(): Promise<void> {
    await remove(this.project);
  }
}

export interface Page {
  readonly price: { readonly cents: number } | null;
  readonly degraded: Readonly<Record<string, { readonly reason: string; readonly source: string }>>;
}

async function remove(project: string): Promise<void> {
  const owned = ["--filter", `label=com.docker.compose.project=${project}`];
  const paused = await docker(["ps", "--quiet", "--filter", "status=paused", ...owned]);
  if (paused !== "") await docker(["unpause", ...paused.split("\n")]);
  await docker(["compose", "-p", project, "down", "--volumes", "--remove-orphans", "--timeout", "0"]);
}

/** With cgroups v1, freezing a busy container can fail at first. */
const obeyed = (command: readonly string[]): Promise<unknown> =>
  command[0] === "pause"
    ? eventually(() => docker(command).then(() => true), { within: 20_000, what: `docker ${command.join(" ")}` })
    : docker(command);

/** Removes what killed test runs have left behind. */
async function removeLeftovers(): Promise<void> {
  const projects = await docker(["ps", "-a", "--format", '{{.Label "com.docker.compose.project"}}']);
  const abandoned = new Set(projects.split("\n").filter((name) => name.startsWith(prefix) && !lives(ownerOf(name))));
  for (const project of abandoned) await remove(project);
}

const ownerOf = (project: string): number => Number(project.slice(prefix.length).split("-")[0]);
