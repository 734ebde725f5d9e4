/**
 * How deep arrays and objects may nest, the outermost included, in both encodings and both directions. It bounds the
 * stack of all code that walks a payload later: schemas, mappers, loggers.
 */
export const maxDepth = 128;
