import type { Connection } from "../connection/connection.js";
import type { Core } from "./core.js";

/** The version of nats-server that this broker behaves like. Clients use it to detect features. */
const serverVersion = "2.9.10";
/** With JetStream, which is that of a later version. */
const versionWithJetStream = "2.10.27";
const protocolVersion = 1;

/** The current INFO line for a connection. */
export function infoLine(core: Core, connection: Connection): string {
  const { settings } = core;
  const info = {
    server_id: core.serverId,
    server_name: settings.serverName,
    version: core.jetStream === undefined ? serverVersion : versionWithJetStream,
    proto: protocolVersion,
    go: `node-${process.version}`,
    host: settings.host,
    port: core.port,
    headers: true,
    ...(settings.auth.kind === "none" ? {} : { auth_required: true }),
    max_payload: settings.maxPayload,
    ...(core.jetStream === undefined ? {} : { jetstream: true }),
    client_id: connection.id,
    client_ip: connection.remoteAddress,
    ...(core.lameDuck ? { ldm: true } : {}),
  };
  return `INFO ${JSON.stringify(info)} \r\n`;
}
