import { call, mailbox } from "muove";

/** The monitored mailbox. */
export const member = mailbox("member", { ping: call({ timeout: 5_000 }) });
