import { readFileSync } from "node:fs";
import { freePort, type Nats, type Testkit } from "@muove/testkit";

/** Changes of a configuration: what to replace, and by what. */
export type Changes = Readonly<Record<string, string>>;

/** A configuration of docs/topologies.md. */
export const textOf = (file: string): string =>
  readFileSync(new URL(`../../docs/snippets/topologies/${file}`, import.meta.url), "utf8");

/** The configurations of docs/topologies.md, with the ports of this machine in place of the names of hosts. */
export class Topology {
  readonly #kit: Testkit;
  readonly #ports = new Map<string, number>();

  constructor(kit: Testkit) {
    this.#kit = kit;
  }

  /**
   * Starts one server.
   *
   * @param host its name in the configurations.
   * @param more text that this test adds.
   */
  async start(file: string, host: string, changes: Changes = {}, more = ""): Promise<Nats> {
    let text = textOf(file);
    for (const [from, to] of Object.entries(changes)) text = text.replaceAll(from, to);
    return await this.#kit.nats({ on: "nats-server", text: await this.#local(`${text}${more}`, host) });
  }

  async #local(text: string, host: string): Promise<string> {
    let local = text;
    for (const [address = "", name = "", port = ""] of text.matchAll(/\b([a-z][\w-]*|0\.0\.0\.0):(\d{4})\b/g))
      local = local.replaceAll(address, `127.0.0.1:${await this.#port(name === "0.0.0.0" ? host : name, port)}`);
    return local;
  }

  async #port(host: string, port: string): Promise<number> {
    const known = this.#ports.get(`${host}:${port}`) ?? (await freePort());
    this.#ports.set(`${host}:${port}`, known);
    return known;
  }
}
