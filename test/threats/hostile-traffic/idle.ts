import { answer, ready } from "@muove/testkit/child";
import { noteStalls } from "../services/stalls.js";

// A process that does nothing: when it stands still, that is the machine's doing.

const stalls = noteStalls();
answer({ stalls: () => stalls.taken() });
setInterval(() => {}, 1_000);
ready();
