import { fileURLToPath } from "node:url";
import type { Belongings } from "../process/belongings.js";
import type { Kind } from "./local-nats.js";
import type { EmbeddedOptions } from "./nats-options.js";

const program = fileURLToPath(new URL("./embedded.mjs", import.meta.url));

/** The embedded broker. */
export function embedded({ config, jetStream = false }: EmbeddedOptions, belongings: Belongings): Kind {
  const stores = jetStream ? { jetStream: { folder: belongings.makeFolder() } } : {};
  return {
    on: "embedded",
    launch: (port) => ({
      name: "The embedded broker",
      command: process.execPath,
      args: [program, JSON.stringify({ ...config, ...stores, port })],
      ipc: true,
    }),
    ready:
      ({ child }) =>
      (ready) => {
        child.once("message", ready);
        return () => void child.off("message", ready);
      },
  };
}
