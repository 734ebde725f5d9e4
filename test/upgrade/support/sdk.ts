import { readdirSync } from "node:fs";
import * as current from "muove";

export type Sdk = typeof current;

/** An SDK that a service may have been built with. */
export interface Version {
  readonly name: string;
  readonly sdk: Sdk;
}

const releases = new URL("../releases/", import.meta.url);

/** The current sources. */
export const now: Version = { name: "the sources", sdk: current };

/** The former versions that scripts/freeze.mjs has kept, the oldest first. */
export async function frozen(): Promise<Version[]> {
  const files = readdirSync(releases).filter((file) => file.endsWith(".js"));
  return Promise.all(
    files.sort().map(async (file) => ({ name: file, sdk: (await import(new URL(file, releases).href)) as Sdk })),
  );
}
