import { randomBytes } from "node:crypto";

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const length = 8;

/** A name for an ephemeral consumer, in nats-server's form. */
export const randomName = (): string =>
  Array.from(randomBytes(length), (byte) => digits[byte % digits.length]).join("");
