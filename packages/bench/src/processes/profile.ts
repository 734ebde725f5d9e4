import { writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const session = new Session();

/** Starts a CPU profile of this process. `--cpu-prof` would include its start and warm-up. */
export async function startProfile(): Promise<void> {
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 200 });
  await session.post("Profiler.start");
}

/** Ends it, and resolves to its file, for Chrome DevTools, VS Code and others. */
export async function stopProfile(name: string): Promise<string> {
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  const path = join(process.env.MUOVE_BENCH_PROF_DIR ?? tmpdir(), `${name}-${process.pid}-${Date.now()}.cpuprofile`);
  writeFileSync(path, JSON.stringify(profile));
  return path;
}
