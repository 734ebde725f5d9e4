import { call, mailbox } from "muove";

/** What is monitored. */
export const member = mailbox("member", { ping: call({ timeout: 5_000 }) });
