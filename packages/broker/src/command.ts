import { parseArgs } from "node:util";
import type { BrokerOptions } from "./options/broker-options.js";

/** The output of `muove-broker --help`. */
export const help = `muove-broker: a NATS broker for first runs and tests, in one process, with nothing to install.

  muove-broker [options]

  --port <port>    the port to listen on; 0 for any free port       (4222)
  --host <host>    the address to listen on; 0.0.0.0 for all        (127.0.0.1)
  --user <user>    let only this user connect; needs --pass
  --pass <pass>
  --token <token>  let only clients with this token connect
  --name <name>    the broker's name                                (muove-broker)
  --jetstream      keep streams, in memory, for as long as it runs
  --store <folder> keep streams in a folder, where the next start finds them
  --help           print this

SIGINT and SIGTERM close it. SIGUSR2 starts lame duck mode: clients are told to go elsewhere, and closed one by one.
For production, use nats-server.
`;

/** A parsed command line. */
export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "run"; readonly options: BrokerOptions }
  /** Invalid; `problem` says why and what to do. */
  | { readonly kind: "wrong"; readonly problem: string };

const flags = {
  port: { type: "string" },
  host: { type: "string" },
  user: { type: "string" },
  pass: { type: "string" },
  token: { type: "string" },
  name: { type: "string" },
  jetstream: { type: "boolean" },
  store: { type: "string" },
  help: { type: "boolean" },
} as const;

/** Parses the arguments of the command. */
export function readCommand(args: readonly string[]): Command {
  try {
    const { values } = parseArgs({ args: [...args], options: flags, allowPositionals: false });
    return values.help ? { kind: "help" } : toOptions(values);
  } catch (error) {
    return wrong((error as Error).message);
  }
}

type Values = { readonly [name in Exclude<keyof typeof flags, "help" | "jetstream">]?: string | undefined } & {
  readonly jetstream?: boolean | undefined;
};

function toOptions({ port, host, user, pass, token, name, jetstream, store }: Values): Command {
  if (port !== undefined && !/^\d{1,5}$/.test(port))
    return wrong(`--port must be a number from 0 to 65535, not ${port}.`);
  if ((user === undefined) !== (pass === undefined)) return wrong("--user and --pass go together.");
  if (user !== undefined && token !== undefined) return wrong("Use either --user and --pass, or --token.");
  const options = {
    ...(port !== undefined && { port: Number(port) }),
    ...(host !== undefined && { host }),
    ...(name !== undefined && { serverName: name }),
    ...(user !== undefined && pass !== undefined && { auth: { user, pass } }),
    ...(token !== undefined && { auth: { token } }),
    ...((jetstream || store !== undefined) && { jetStream: store === undefined ? true : { folder: store } }),
  };
  return { kind: "run", options };
}

const wrong = (problem: string): Command => ({ kind: "wrong", problem });
