import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

// The kit runs Node without flags, and NODE_OPTIONS does not take --expose-gc.
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** The heap and the buffers in use after a forced collection, in bytes. */
export function memoryInUse(): number {
  collect();
  collect(); // Some memory takes a second collection to free.
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
