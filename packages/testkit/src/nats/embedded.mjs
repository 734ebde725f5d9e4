// The embedded broker in its own process. `kit.nats()` starts it, with the broker's options as its only argument. It
// sends the message "ready", obeys the signals of a nats-server, and ends with the process that started it.

import process from "node:process";

/** @returns {Promise<typeof import("@muove/broker")>} */
async function load() {
  try {
    return await import("@muove/broker");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND")) throw error;
    process.stderr.write("@muove/broker is not built: run its build (in Muove's own workspace: npm run build).\n");
    throw error;
  }
}

const { startBroker } = await load();
const broker = await startBroker(JSON.parse(process.argv[2] ?? "{}"));

process.on("SIGTERM", () => void broker.close());
process.on("SIGUSR2", () => {
  void broker.lameDuck();
  process.stdout.write("lame duck mode\n");
});
process.on("disconnect", () => process.exit());
// The channel alone must not keep a closed broker's process alive.
process.channel?.unref();
process.send?.("ready");
