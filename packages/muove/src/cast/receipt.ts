/**
 * What is known of a cast as it is made. Needs no looking at: a cast that is known to have reached nobody, now or later,
 * comes as a `deadLetter` event, unless its contract says that it may be dropped.
 *
 * - `sent`: handed to the connection. That does not mean that anybody got it.
 * - `buffered`: waits for the connection to come back, or behind others that do; or, by key, to know who is there.
 * - `unsent`: handed to nothing, and it never will be.
 */
export type Receipt =
  | { readonly status: "sent" }
  | { readonly status: "buffered" }
  | { readonly status: "unsent"; readonly reason: "unreachable"; readonly delivered: "no" };

export const sent: Receipt = Object.freeze({ status: "sent" });
export const buffered: Receipt = Object.freeze({ status: "buffered" });
export const unsent: Receipt = Object.freeze({ status: "unsent", reason: "unreachable", delivered: "no" });
