/**
 * What is known about a cast when it is made. You can ignore it: a cast that reached nobody, now or later, is emitted
 * as a `deadLetter` event, unless it may be dropped.
 *
 * - `sent`: handed to the connection. That does not mean that anybody received it.
 * - `buffered`: waits for the connection, or behind others that do; by key, also for the lookup of the instance.
 * - `unsent`: not sent, and it never will be.
 */
export type Receipt =
  | { readonly status: "sent" }
  | { readonly status: "buffered" }
  | { readonly status: "unsent"; readonly reason: "unreachable"; readonly delivered: "no" };

export const sent: Receipt = Object.freeze({ status: "sent" });
export const buffered: Receipt = Object.freeze({ status: "buffered" });
export const unsent: Receipt = Object.freeze({ status: "unsent", reason: "unreachable", delivered: "no" });
