import { parseArgs } from "node:util";

export const help = `Starts the shop, plays a bad day against it, and prints what a customer saw.

  story [options]

  --once         end after the story; without it the shop stays open until Ctrl-C, if this is a terminal
  --nats-server  use a nats-server of its own, with JetStream, so that letters are kept; it is killed like the rest
  --help         print this

  PORT         the storefront's port                    (3000, or the next one that is free)
  NATS_URL     a NATS server to use, such as nats://127.0.0.1:4222   (an embedded broker)
  NATS_SERVER  the program of --nats-server             (nats-server in PATH)
  NO_COLOR     no colours

It ends with 0 when everything was as the story expects, with 1 when not, with 2 when it was asked for what it cannot do.
`;

export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "play"; readonly once: boolean; readonly natsServer: boolean }
  /** The arguments are wrong; `problem` says why. */
  | { readonly kind: "wrong"; readonly problem: string };

const flags = { once: { type: "boolean" }, "nats-server": { type: "boolean" }, help: { type: "boolean" } } as const;

export function readCommand(args: readonly string[]): Command {
  try {
    const { values } = parseArgs({ args: [...args], options: flags, allowPositionals: false });
    if (values.help) return { kind: "help" };
    return { kind: "play", once: values.once ?? false, natsServer: values["nats-server"] ?? false };
  } catch (error) {
    return { kind: "wrong", problem: (error as Error).message };
  }
}
