// For Muove's own packages; not part of the public interface.
export { whenUnreachableProblem } from "./cast.js";
export { nameProblem } from "./names.js";
export { describe, longestTime, optionProblems, type Rule, rules } from "./options.js";
export { issuesInWords, type Validated, validate } from "./validate.js";
