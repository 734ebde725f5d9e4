import { answer } from "@muove/testkit/child";
import { loadLetterContender } from "./load.js";

// The process that handles letters: of the contender named on the command line, at the address in LETTERS_URL.

const { LETTERS_URL: url = "" } = process.env;
const handled = await (await loadLetterContender(process.argv[2])).handle(url);
answer({ handled });
process.stdout.write("ready\n");
