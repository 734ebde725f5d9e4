import { randomBytes } from "node:crypto";

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A server id in nats-server's format: N and 55 letters and digits. */
export function newServerId(): string {
  return `N${Array.from(randomBytes(55), (byte) => base32[byte % 32]).join("")}`;
}
