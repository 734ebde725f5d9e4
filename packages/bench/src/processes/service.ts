import { answer, ready } from "@muove/testkit/child";
import { loadContender } from "../contenders/index.js";
import { cpuTime } from "./cpu-time.js";
import { memoryInUse } from "./memory.js";
import { startProfile, stopProfile } from "./profile.js";

// The service's process of a contender.

const contender = await loadContender(process.argv[2]);
/** Undefined if it is reached through NATS. */
const address = "listen" in contender ? await contender.listen() : await contender.serve(process.env.NATS_URL ?? "");
/** The time from the start of this process until the service was open, in ms. */
const openAfter = performance.now();

answer({ address: () => address, cpuTime, memoryInUse, openAfter: () => openAfter, startProfile, stopProfile });
ready();
