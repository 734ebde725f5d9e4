import { answer, ready } from "@muove/testkit/child";
import { noteStalls } from "../services/stalls.js";

// A process that does nothing, so its stalls are the machine's.

const stalls = noteStalls();
answer({ stalls: () => stalls.taken() });
setInterval(() => {}, 1_000);
ready();
