import { readFile, stat } from "node:fs/promises";

/** In bytes. A bundle of all public certificate authorities is a quarter of this. */
const maxSize = 1024 * 1024;

/** Reads a small text file. Rejects at once for what is no file, such as a pipe, which could take forever to read. */
export async function readSmallFile(path: string): Promise<string> {
  const about = await stat(path);
  if (!about.isFile()) throw new Error(`${path} is not a file`);
  if (about.size > maxSize) throw new Error(`${path} has more than ${maxSize} bytes`);
  return await readFile(path, "utf8");
}
