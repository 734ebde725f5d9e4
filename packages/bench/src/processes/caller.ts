import { answer, ready } from "@muove/testkit/child";
import { loadContender } from "../contenders/index.js";
import { closedLoop, type Load } from "../load/closed-loop.js";
import { startProfile, stopProfile } from "./profile.js";

// The side of a contender that asks.

const contender = await loadContender(process.argv[2]);
const caller = await contender.connect(process.env.NATS_URL ?? "");
answer({ load: (load: Load) => closedLoop(caller, load), startProfile, stopProfile });
ready();
