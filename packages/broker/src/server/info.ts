import { randomBytes } from "node:crypto";
import type { Core } from "./core.js";

/** The version of nats-server whose behaviour this broker has. Clients decide by it what they may use. */
const VERSION = "2.9.10";
const PROTOCOL = 1;

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** An id of the form of nats-server's: N and 55 letters and digits. */
export function newServerId(): string {
  return `N${Array.from(randomBytes(55), (byte) => base32[byte % 32]).join("")}`;
}

/** The INFO line for one connection, as things stand. */
export function infoLine(core: Core, connectionId: number, clientIp: string): string {
  const { settings } = core;
  const info = {
    server_id: core.serverId,
    server_name: settings.serverName,
    version: VERSION,
    proto: PROTOCOL,
    go: `node-${process.version}`,
    host: settings.host,
    port: core.port,
    headers: true,
    ...(settings.auth.kind === "none" ? {} : { auth_required: true }),
    max_payload: settings.maxPayload,
    client_id: connectionId,
    client_ip: clientIp,
    ...(core.lameDuck ? { ldm: true } : {}),
  };
  return `INFO ${JSON.stringify(info)} \r\n`;
}
