import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";

const listener = `
  const server = require("node:net").createServer();
  server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
    require("node:fs").writeSync(1, String(server.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); // Blocks its event loop, so it accepts no connection.
  });
`;

/** An address that swallows connections: its accept queue is full, so it answers no SYN. */
export async function fullBacklog(): Promise<string> {
  const child = spawn(process.execPath, ["-e", listener], { stdio: ["ignore", "pipe", "inherit"] });
  const fillers: Socket[] = [];
  onTestFinished(async () => {
    for (const filler of fillers) filler.destroy();
    child.kill("SIGKILL");
    await once(child, "exit");
  });
  const [text] = await once(child.stdout, "data");
  const port = Number(text);
  while (fillers.length < 100) {
    const filler = connect(port, "127.0.0.1").on("error", () => {});
    fillers.push(filler);
    const connected = await Promise.race([once(filler, "connect"), sleep(300)]);
    if (connected === undefined) return `127.0.0.1:${port}`;
  }
  throw new Error(`${fillers.length} connections are taken, and the queue is not full`);
}
