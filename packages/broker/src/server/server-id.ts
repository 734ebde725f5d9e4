import { randomBytes } from "node:crypto";

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** An id of the form of nats-server's: N and 55 letters and digits. */
export function newServerId(): string {
  return `N${Array.from(randomBytes(55), (byte) => base32[byte % 32]).join("")}`;
}
