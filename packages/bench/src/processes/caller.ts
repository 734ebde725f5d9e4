import { answer, ready } from "@muove/testkit/child";
import { loadContender } from "../contenders/index.js";
import { castLoop } from "../load/cast-loop.js";
import { closedLoop } from "../load/closed-loop.js";
import type { Load, Loaded } from "../load/load.js";
import { memoryInUse } from "./memory.js";
import { startProfile, stopProfile } from "./profile.js";

// The caller's process of a contender: `caller.js <contender> [<address of its service>]`.

const [name, address = process.env.NATS_URL ?? ""] = process.argv.slice(2);
const contender = await loadContender(name);
const caller = await contender.connect(address);

async function load(how: Load): Promise<Loaded> {
  if (!how.casts) return await closedLoop(caller, how);
  if (caller.casts === undefined) throw new Error("this contender does not cast");
  return await castLoop(caller.casts, how);
}

answer({ load, memoryInUse, startProfile, stopProfile });
process.channel?.ref(); // A caller that connects with its first question has nothing else to live for until then.
ready();
