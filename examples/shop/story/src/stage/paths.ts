import { fileURLToPath } from "node:url";

/** From here, examples/shop/story/dist/stage, to the root of the repository. */
const root = new URL("../../../../../", import.meta.url);

/** Where the logs of one play are, from the root of the repository. The port separates plays that run at the same time. */
export const logFolderName = (port: number): string => `.muove/logs/shop-${port}`;

export const logFolder = (port: number): string => fileURLToPath(new URL(logFolderName(port), root));

/** The program of a service of the shop. */
export const serviceProgram = (name: string): string =>
  fileURLToPath(new URL(`examples/shop/${name}/dist/main.js`, root));

/** One of the story's own small programs. */
export const ownProgram = (name: string): string => fileURLToPath(new URL(`../programs/${name}.js`, import.meta.url));
