import type { NatsMessage } from "../../../packages/muove/src/link/index.js";

/** What a message carries, as text. */
export const text = ({ data }: NatsMessage): string => Buffer.from(data).toString();
