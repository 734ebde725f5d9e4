import { answer, ready } from "@muove/testkit/child";
import { loadContender } from "../contenders/index.js";
import { cpuTime } from "./cpu-time.js";
import { startProfile, stopProfile } from "./profile.js";

// The side of a contender that is asked.

const contender = await loadContender(process.argv[2]);
await contender.serve(process.env.NATS_URL ?? "");
answer({ cpuTime, startProfile, stopProfile });
ready();
