import type { Exit, ManagedProcess } from "./managed-process.js";

/** SIGTERM to the process, then SIGKILL to its group if it still runs after the given ms. Resolves when it is gone. */
export async function terminate(managed: ManagedProcess, within: number): Promise<Exit> {
  managed.signal("SIGTERM");
  const timer = setTimeout(() => managed.killNow(), within);
  const exit = await managed.exit;
  clearTimeout(timer);
  return exit;
}
