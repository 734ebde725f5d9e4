import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A server that follows the test's script for each connection, for faults that no real server shows on demand. */
export interface ScriptedServer {
  readonly url: string;
  /** All accepted connections, closed or not. */
  readonly sockets: readonly Socket[];
  /** Everything that clients sent. */
  readonly received: string;
}

type Script = (socket: Socket, line: string) => void;

const info = { server_id: "S", version: "2.9.10", proto: 1, headers: true, max_payload: 1_048_576 };

export function greeting(more: object = {}): string {
  return `INFO ${JSON.stringify({ ...info, ...more })}\r\n`;
}

/** Answers a PING. The default for lines that a script does not handle. */
export function pong(socket: Socket, line: string): void {
  if (line === "PING") socket.write("PONG\r\n");
}

export async function scriptedServer(accept: (socket: Socket) => void, onLine: Script = pong): Promise<ScriptedServer> {
  const sockets: Socket[] = [];
  let received = "";
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      received += bytes;
      for (const line of bytes.toString().split("\r\n")) onLine(socket, line);
    });
    accept(socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  });
  return {
    url: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets,
    get received() {
      return received;
    },
  };
}
