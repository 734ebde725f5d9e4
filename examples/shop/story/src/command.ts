import { parseArgs } from "node:util";

export const help = `Starts the shop, plays a bad day against it, and prints what a customer saw.

  story [options]

  --once   end after the story; without it the shop stays open until Ctrl-C, if this is a terminal
  --help   print this

  PORT       the storefront's port                    (3000, or the next one that is free)
  NATS_URL   a NATS server to use, such as nats://127.0.0.1:4222   (an embedded broker)
  NO_COLOR   no colours

It ends with 0 when everything was as the story expects, with 1 when not, with 2 when it was asked for what it cannot do.
`;

export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "play"; readonly once: boolean }
  /** The arguments are wrong; `problem` says why. */
  | { readonly kind: "wrong"; readonly problem: string };

const flags = { once: { type: "boolean" }, help: { type: "boolean" } } as const;

export function readCommand(args: readonly string[]): Command {
  try {
    const { values } = parseArgs({ args: [...args], options: flags, allowPositionals: false });
    return values.help ? { kind: "help" } : { kind: "play", once: values.once ?? false };
  } catch (error) {
    return { kind: "wrong", problem: (error as Error).message };
  }
}
