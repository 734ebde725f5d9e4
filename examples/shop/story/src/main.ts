import { help, readCommand } from "./command.js";
import { play } from "./play.js";
import { chooseNats } from "./stage/nats.js";
import { logFolder, logFolderName } from "./stage/paths.js";
import { brokerPort, storefrontPort } from "./stage/ports.js";
import { Stage } from "./stage/stage.js";
import { stopSignal } from "./stop-signal.js";
import { StoryError } from "./story-error.js";
import { Ink } from "./table/ink.js";
import { Progress } from "./table/progress.js";

/** Exit codes: something was not as expected; the arguments were wrong. */
const exitFailed = 1;
const exitMisused = 2;

async function main(): Promise<number> {
  const command = readCommand(process.argv.slice(2));
  if (command.kind === "help") {
    process.stdout.write(help);
    return 0;
  }
  if (command.kind === "wrong") {
    process.stderr.write(`story: ${command.problem}. See --help.\n`);
    return exitMisused;
  }
  return run(command.natsServer, !command.once && process.stdout.isTTY === true);
}

/** @param natsServer whether it starts one. @param staysOpen whether the shop stays open after the story. */
async function run(natsServer: boolean, staysOpen: boolean): Promise<number> {
  const stop = stopSignal();
  const { port, instead } = await storefrontPort(process.env.PORT);
  const nats = await chooseNats(await brokerPort(), logFolder(port), natsServer, process.env.NATS_URL);
  const url = `http://127.0.0.1:${port}`;
  if (instead !== undefined) console.log(`Port ${instead} is busy: the storefront takes ${port}.`);
  console.log(`The shop at ${url} over ${nats.description}.\n`);
  const stage = new Stage(nats, port);
  const progress = new Progress(process.stdout);
  try {
    const ink = new Ink(process.stdout, process.env);
    const broker = nats.foreign ? "forwarder" : "broker";
    const held = await play({ stage, url, broker, logs: logFolderName(port), ink, progress, signal: stop.signal });
    if (held && staysOpen) {
      console.log(`\nThe shop stays open: ${url}\nCtrl-C ends it.`);
      await stop.asked;
    }
    return held ? 0 : exitFailed;
  } catch (error) {
    return stop.exitCode ?? failed(error);
  } finally {
    progress.show("ending");
    await stage.end();
    progress.clear();
  }
}

function failed(error: unknown): number {
  console.error(error instanceof StoryError ? `story: ${error.message}` : error);
  return exitFailed;
}

// Nobody reads any more, as after `| head`, so there is no point in continuing.
process.stdout.on("error", () => process.exit(exitFailed));
process.exit(await main().catch(failed));
