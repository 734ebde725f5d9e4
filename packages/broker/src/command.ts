import { parseArgs } from "node:util";
import type { BrokerOptions } from "./options/broker-options.js";

/** What `muove-broker --help` prints. */
export const help = `muove-broker: a NATS broker for first runs and tests, in one process, with nothing to install.

  muove-broker [options]

  --port <port>    where to listen; 0 takes any port that is free   (4222)
  --host <host>    the address to listen on; 0.0.0.0 for all        (127.0.0.1)
  --user <user>    let only this user connect; needs --pass
  --pass <pass>
  --token <token>  let only those connect who know this token
  --name <name>    what the broker calls itself                     (muove-broker)
  --help           print this

SIGINT and SIGTERM close it. SIGUSR2 starts lame duck mode: clients are told to go elsewhere, and closed one by one.
It keeps nothing: what is published while nobody listens is gone. For production, use nats-server.
`;

/** What a command line asks for. */
export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "run"; readonly options: BrokerOptions }
  /** It cannot be understood; `problem` says why and what to do. */
  | { readonly kind: "wrong"; readonly problem: string };

const flags = {
  port: { type: "string" },
  host: { type: "string" },
  user: { type: "string" },
  pass: { type: "string" },
  token: { type: "string" },
  name: { type: "string" },
  help: { type: "boolean" },
} as const;

/** Reads the arguments of the command. */
export function readCommand(args: readonly string[]): Command {
  try {
    const { values } = parseArgs({ args: [...args], options: flags, allowPositionals: false });
    return values.help ? { kind: "help" } : toOptions(values);
  } catch (error) {
    return wrong((error as Error).message);
  }
}

type Values = { readonly [name in Exclude<keyof typeof flags, "help">]?: string | undefined };

function toOptions({ port, host, user, pass, token, name }: Values): Command {
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
  };
  return { kind: "run", options };
}

const wrong = (problem: string): Command => ({ kind: "wrong", problem });
