import type { NatsMessage } from "../../../packages/muove/src/link/index.js";

/** The payload of a message as a string. */
export const text = ({ data }: NatsMessage): string => Buffer.from(data).toString();
