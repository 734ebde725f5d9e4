// For Muove's own packages; not part of the public interface.
export { jsonSchemaText } from "./json-schema.js";
export { nameProblem } from "./names.js";
export { whenUnreachableProblem } from "./one-way.js";
export { describe, longestTime, optionProblems, type Rule, rules } from "./options.js";
export { issuesInWords, type Validated, validate } from "./validate.js";
