import type { Address } from "muove";

/** Addresses that the server resolves by itself. */
export const addresses: readonly (readonly [name: string, to: (instance: string) => Address])[] = [
  ["one instance", (instance) => ({ instance })],
  ["tags", () => ({ tags: { region: "eu" } })],
];

/** The environment of an instance that has all of them. */
export const tagged = { TAGS: '{"zone":"a","region":"eu"}' };
