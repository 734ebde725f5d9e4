import type { Message } from "../../../packages/muove/src/link/index.js";

/** What a message carries, as text. */
export const text = ({ data }: Message): string => Buffer.from(data).toString();
