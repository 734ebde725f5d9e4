// docs/protocol.md, clauses N-1 to N-4.

/** The version of the protocol that this code speaks. */
export const protocolVersion = 1;
