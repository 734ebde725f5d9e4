import { TestkitError } from "../errors.js";
import type { Nats } from "./nats.js";

/** A NATS that the test provided. */
export function remoteNats(url: string): Nats {
  const unsupported = (what: string) => async (): Promise<never> => {
    const { host } = new URL(url);
    const text = `The kit did not start ${host}, so it cannot ${what} it. Put a proxy in front of it: kit.proxy(url).`;
    throw new TestkitError("MUOVE_TESTKIT_UNSUPPORTED", text);
  };
  return {
    on: "url",
    url,
    port: Number(new URL(url).port || 4222),
    pid: undefined,
    running: true,
    output: "",
    start: async () => {},
    kill: unsupported("kill"),
    terminate: unsupported("terminate"),
    stop: unsupported("stop"),
    continue: unsupported("continue"),
    lameDuck: unsupported("send lame duck mode to"),
    reload: unsupported("reload"),
  };
}
