import { fileURLToPath } from "node:url";

/** From here, examples/shop/story/dist/stage, to the root of the repository. */
const root = new URL("../../../../../", import.meta.url);

export const logFolder = fileURLToPath(new URL(".muove/logs/", root));
/** The same for people, who know where they are. */
export const logFolderName = ".muove/logs/";

/** The program of a service of the shop. */
export const serviceProgram = (name: string): string =>
  fileURLToPath(new URL(`examples/shop/${name}/dist/main.js`, root));

/** One of the story's own little programs. */
export const ownProgram = (name: string): string => fileURLToPath(new URL(`../programs/${name}.js`, import.meta.url));
