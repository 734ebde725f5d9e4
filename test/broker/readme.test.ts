// Checks what the broker's README says.

import { readFileSync } from "node:fs";
import { startBroker } from "@muove/broker";
import { connect } from "@nats-io/transport-node";
import { describe, expect, it } from "vitest";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const readme = read("../../packages/broker/README.md");
const trimmed = (text: string): string => text.replaceAll(/^\s+/gm, "").trim();

describe("the broker's README", () => {
  it("has an example that works, word for word", async () => {
    // <example>
    const broker = await startBroker({ port: 0 });
    const nats = await connect({ servers: broker.url });
    nats.subscribe("greet", { callback: (_error, message) => void message.respond(`Hello ${message.string()}`) });
    const reply = await nats.request("greet", "world");
    await nats.drain();
    await broker.close();
    // </example>
    expect(reply.string()).toBe("Hello world");
    const code = /\/\/ <example>\n([\s\S]*?)\/\/ <\/example>/.exec(read("./readme.test.ts"))?.[1] ?? "";
    expect(trimmed(/```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "")).toBe(trimmed(code));
  });

  it("lists every option", () => {
    const source = read("../../packages/broker/src/options/broker-options.ts");
    const [, options = ""] = source.split("export interface BrokerOptions");
    const names = [...options.matchAll(/^ {2}readonly (\w+)\?:/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(10);
    expect([...readme.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name).sort()).toEqual(names.sort());
  });

  it("gives the actual defaults", () => {
    const source = read("../../packages/broker/src/options/normalise.ts");
    const defaults = [...source.matchAll(/^ {2}(\w+): \[([\w *]+),/gm)].map(([, name, value = ""]) => {
      const factors = value
        .split("*")
        .map((factor) => (factor.trim() === "megabyte" ? 1_048_576 : Number(factor.replaceAll("_", ""))));
      return [name, `${factors.reduce((product, factor) => product * factor, 1)}`];
    });
    expect(defaults.length).toBeGreaterThan(10);
    const told = new Map(
      [...readme.matchAll(/^\| `(\w+)` +\| `?([^|`]+?)`? +\|/gm)].map(([, name, value]) => [name, value]),
    );
    for (const [name, value] of defaults) expect(told.get(name), name).toBe(value);
  });
});
