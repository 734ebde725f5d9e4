import { type Broker, startBroker } from "./broker.js";
import { help, readCommand } from "./command.js";
import { BrokerError } from "./errors.js";

/** Exit codes: the broker could not run, or the command line is invalid. */
const exitFailed = 1;
const exitMisused = 2;

async function main(): Promise<void> {
  const command = readCommand(process.argv.slice(2));
  if (command.kind === "help") process.stdout.write(help);
  else if (command.kind === "wrong") fail(exitMisused, `${command.problem} See muove-broker --help.`);
  else await run(() => startBroker(command.options));
}

async function run(start: () => Promise<Broker>): Promise<void> {
  try {
    const broker = await start();
    obeySignals(broker);
    process.stdout.write(`muove-broker listens on ${broker.url}\n`);
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    fail(error.code === "MUOVE_BROKER_INVALID_OPTIONS" ? exitMisused : exitFailed, error.message);
  }
}

/** Once the broker is closed, the process ends by itself. */
function obeySignals(broker: Broker): void {
  process.on("SIGINT", () => void broker.close());
  process.on("SIGTERM", () => void broker.close());
  process.on("SIGUSR2", () => void broker.lameDuck());
}

function fail(exitCode: number, problem: string): void {
  process.stderr.write(`muove-broker: ${problem}\n`);
  process.exitCode = exitCode;
}

await main();
