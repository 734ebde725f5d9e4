import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

export const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Whether a Docker engine with Compose can be used. `scripts/containers/prepare.sh` prepares one. */
export const hasDocker =
  spawnSync("docker", ["info"], { timeout: 10_000 }).status === 0 &&
  spawnSync("docker", ["compose", "version"], { timeout: 10_000 }).status === 0;

/** Runs `docker`. Resolves to its output; rejects with its stderr when it fails. */
export async function docker(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const options = { cwd: root, env: { ...process.env, ...env }, maxBuffer: 64 * 1_024 * 1_024 };
  const { stdout } = await run("docker", [...args], options);
  return stdout.trim();
}

/** One value from `docker inspect`, such as `.State.Pid`. */
export const inspect = (object: string, path: string): Promise<string> =>
  docker(["inspect", "--format", `{{${path}}}`, object]);

/** Kills a process by SIGKILL from outside its container, as a host does. For the engine that is a crash. */
export async function killFromOutside(container: string): Promise<void> {
  const pid = Number(await inspect(container, ".State.Pid"));
  if (pid === 0) throw new Error(`${container} is not running`);
  const program = `process.kill(${pid}, "SIGKILL")`;
  await docker(["run", "--rm", "--pid=host", "--user=0", "node:20-slim", "node", "-e", program]);
}
