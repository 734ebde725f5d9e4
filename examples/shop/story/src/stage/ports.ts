import { once } from "node:events";
import { createServer } from "node:net";
import { StoryError } from "../story-error.js";

export interface PortChoice {
  readonly port: number;
  /** The preferred port, if it is busy. */
  readonly instead?: number;
}

const usual = 3_000;
const tries = 50;

/**
 * The storefront's port: the one that the user asks for, or the usual one, or the next free one.
 *
 * @throws StoryError when the one asked for is busy, or none is free.
 */
export async function storefrontPort(wanted: string | undefined): Promise<PortChoice> {
  if (wanted) return { port: await askedFor(wanted) };
  for (let port = usual; port < usual + tries; port++) {
    if (await isFree(port)) return port === usual ? { port } : { port, instead: usual };
  }
  throw new StoryError(`The ports ${usual} to ${usual + tries - 1} are all busy: name a free one in PORT.`);
}

async function askedFor(wanted: string): Promise<number> {
  const port = Number(wanted);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new StoryError(`PORT=${wanted} is not a port.`);
  if (!(await isFree(port))) throw new StoryError(`Port ${port} is busy: name another one in PORT, or leave it out.`);
  return port;
}

/**
 * A free port for the broker. Not 4222, where the user's own NATS may come up while ours is away. And none that the system
 * gives to outgoing connections: a client that keeps dialling such a port in time connects to itself.
 */
export async function brokerPort(): Promise<number> {
  for (let attempt = 0; attempt < tries; attempt++) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if (await isFree(port)) return port;
  }
  throw new StoryError("Found no free port for the broker.");
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
