import type { Socket } from "node:net";
import { Connection } from "../connection/connection.js";
import { fatal } from "../wire/violation.js";
import type { Core } from "./core.js";
import { infoLine } from "./info.js";
import { Session } from "./session.js";

/** Turns an accepted socket into a connection of the broker. */
export function accept(core: Core, socket: Socket): void {
  const connection = new Connection(core.connections.nextId(), socket, core);
  const session = new Session(connection);
  core.counters.totalConnections++;
  const full = core.connections.size >= core.settings.maxConnections;
  core.connections.add(connection);
  socket.on("data", (chunk) => session.receive(chunk));
  socket.on("end", () => connection.close());
  // A close always follows an error, but an error without a listener would end the process.
  socket.on("error", () => {});
  socket.on("close", () => {
    connection.gone();
    core.connections.remove(connection);
  });
  connection.send(infoLine(core, connection));
  connection.start();
  if (full) connection.end(fatal.maxConnections);
}
