import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SocketTrap } from "./socket-trap.js";

const server = createServer();
const sockets: Socket[] = [];

/** Connects after something asynchronous, like a dial. */
async function open(): Promise<Socket> {
  await undefined;
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  return socket;
}

const destroyed = () => sockets.map((socket) => socket.destroyed);

describe("the socket trap", () => {
  beforeEach(async () => {
    await once(server.listen(0, "127.0.0.1"), "listening");
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await once(server.close(), "close");
  });

  it("destroys the sockets of its own dial only", async () => {
    const trap = new SocketTrap();
    await Promise.all([trap.watch(open), new SocketTrap().watch(open), open()]);
    trap.spring();
    expect(destroyed().filter(Boolean)).toHaveLength(1);
  });

  it("destroys sockets that a dial creates after it was given up", async () => {
    const trap = new SocketTrap();
    const dial = trap.watch(open);
    trap.spring();
    const socket = await dial;
    await once(socket, "close");
    expect(socket.connecting).toBe(false);
  });

  it("releases the last socket, and destroys the earlier ones", async () => {
    const trap = new SocketTrap();
    await trap.watch(async () => {
      await open();
      await open();
      await open();
    });
    trap.release();
    trap.spring();
    expect(destroyed()).toEqual([true, true, false]);
  });

  it("ignores sockets created after its dial", async () => {
    const trap = new SocketTrap();
    const later = await trap.watch(async () => () => open());
    await later();
    trap.spring();
    expect(destroyed()).toEqual([false]);
  });
});
