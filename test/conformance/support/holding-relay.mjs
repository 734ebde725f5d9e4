// A relay to a server that can hold back what the server sends. It has its own thread, so that it goes on while its
// user's event loop is blocked. `state`: whether to hold, and how many messages are held.

import { connect, createServer } from "node:net";
import { parentPort, workerData } from "node:worker_threads";

/** @type {{ port: number, state: Int32Array }} */
const { port, state } = workerData;
/** @type {Array<{ near: import("node:net").Socket, chunk: Buffer }>} */
const held = [];

const server = createServer((near) => {
  const far = connect(port, "127.0.0.1");
  near.pipe(far);
  far.on("data", (chunk) => {
    hold(near, chunk);
    letGo();
  });
  tie(near, far);
  tie(far, near);
});

/** @param {import("node:net").Socket} one @param {import("node:net").Socket} other */
function tie(one, other) {
  one.on("error", () => {});
  one.on("close", () => other.destroy());
}

/** @param {import("node:net").Socket} near @param {Buffer} chunk */
function hold(near, chunk) {
  held.push({ near, chunk });
  const said = Buffer.concat(held.map((item) => item.chunk)).toString("latin1");
  Atomics.store(state, 1, said.match(/(^|\n)H?MSG /g)?.length ?? 0);
}

/** In order: nothing overtakes what is held. */
function letGo() {
  if (Atomics.load(state, 0) === 1) return;
  for (const { near, chunk } of held.splice(0)) near.write(chunk);
}
setInterval(letGo, 1);

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object") parentPort?.postMessage(address?.port);
});
