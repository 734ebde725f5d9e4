// For Muove's own packages; not public API.
export { type Checked, checkEvent, checkMailbox } from "./check.js";
export { jsonSchemaText } from "./json-schema.js";
export { nameProblem } from "./names.js";
export { whenUnreachableProblem } from "./one-way.js";
export { describe, maxTimerDelay, optionProblems, type Rule, rules } from "./options.js";
export { maxNameLength, plainText } from "./plain-text.js";
export { schemaProblem } from "./schema.js";
export { asGiven, Shape, shapeOf } from "./shape.js";
export { issuesInWords, plainIssues, type Validated, validate } from "./validate.js";
export { typesIn } from "./zod-types.js";
