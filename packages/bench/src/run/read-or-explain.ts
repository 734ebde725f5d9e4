/** What the command line says. If that is wrong, says why and how to use it, and the process will end with 2. */
export function readOrExplain<T>(read: (args: readonly string[]) => T, usage: string): T | undefined {
  try {
    return read(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exitCode = 2;
    return undefined;
  }
}
