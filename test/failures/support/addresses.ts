import type { Address } from "muove";

/** The addresses at which an instance can be found: those that the server alone needs to find it. */
export const addresses: readonly (readonly [name: string, to: (instance: string) => Address])[] = [
  ["one instance", (instance) => ({ instance })],
  ["tags", () => ({ tags: { region: "eu" } })],
];

/** What an instance is started with, to be found at all of them. */
export const tagged = { TAGS: '{"zone":"a","region":"eu"}' };
