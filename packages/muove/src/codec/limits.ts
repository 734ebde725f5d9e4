/**
 * How many arrays and objects may be nested in each other, the outermost counted, in both encodings and both
 * directions. It bounds the stack of everything that walks a payload after us: schemas, mappers, loggers.
 */
export const maxDepth = 128;
