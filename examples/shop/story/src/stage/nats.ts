import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { StoryError } from "../story-error.js";
import type { Role } from "./actor.js";
import { ownProgram } from "./paths.js";

/** "The broker" of the story, and where the services find it. */
export interface Nats {
  readonly role: Role;
  readonly url: string;
  /** Its name, for people. */
  readonly description: string;
  /** Whether it is the user's own server, with our forwarder in front. */
  readonly foreign: boolean;
}

/**
 * The embedded broker on `port`, or a nats-server of the story's own, both with JetStream in `folder`; or, if the user names
 * a server, a forwarder on `port` to it.
 *
 * @param natsServer whether it is a nats-server. @param url of the user's server.
 * @throws StoryError when that server is not there, or forwarding to it is not possible.
 */
export async function chooseNats(
  port: number,
  folder: string,
  natsServer: boolean,
  url: string | undefined,
): Promise<Nats> {
  if (natsServer) return own(port, folder);
  if (!url) return embedded(port, folder);
  const server = serverUrl(url);
  await mustAnswer(server);
  return forwarded(port, server);
}

function embedded(port: number, folder: string): Nats {
  const role = { name: "broker", program: ownProgram("broker"), args: [String(port), join(folder, "jetstream")] };
  return { role, url: `nats://127.0.0.1:${port}`, description: "the embedded broker", foreign: false };
}

function own(port: number, folder: string): Nats {
  const program = process.env.NATS_SERVER || "nats-server";
  const { status, stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  if (status !== 0) throw new StoryError(`There is no ${program}: install it, or name another one in NATS_SERVER.`);
  const args = ["-a", "127.0.0.1", "-p", String(port), "-js", "-sd", join(folder, "jetstream")];
  const description = `${stdout.trim()}, with JetStream`;
  return { role: { name: "broker", program, args }, url: `nats://127.0.0.1:${port}`, description, foreign: false };
}

function forwarded(port: number, { hostname, port: theirs, username, password, host }: URL): Nats {
  const role = { name: "forwarder", program: ownProgram("forwarder"), args: [String(port), hostname, theirs] };
  const credentials = username && `${username}${password && `:${password}`}@`;
  return {
    role,
    url: `nats://${credentials}127.0.0.1:${port}`,
    description: `the NATS server at ${host}, through a forwarder that the story can kill`,
    foreign: true,
  };
}

function serverUrl(wanted: string): URL {
  const text = wanted.includes("://") ? wanted : `nats://${wanted}`;
  if (!URL.canParse(text) || wanted.includes(",")) throw new StoryError("NATS_URL must be the URL of one server.");
  const url = new URL(text);
  if (url.protocol !== "nats:") throw new StoryError("NATS_URL must begin with nats:// here: TLS cannot be forwarded.");
  url.hostname = url.hostname.replace(/^\[|\]$/g, "") || "127.0.0.1";
  url.port ||= "4222";
  return url;
}

async function mustAnswer({ hostname, port, host }: URL): Promise<void> {
  const socket = connect({ host: hostname, port: Number(port), timeout: 2_000 });
  try {
    await Promise.race([once(socket, "data"), once(socket, "timeout").then(() => Promise.reject(new Error("silent")))]);
  } catch {
    throw new StoryError(`No NATS server answers at ${host} (NATS_URL).`);
  } finally {
    socket.destroy();
  }
}
