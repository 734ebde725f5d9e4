// Zod's own words for what JSON Schema has none for. This is not a dependency: it looks at what a schema of Zod's
// carries with it, and finds nothing in any other.

interface ZodSchema {
  readonly _zod: { readonly def: ZodDefinition; readonly bag: { readonly Class?: unknown } };
}

interface ZodDefinition extends Readonly<Record<string, unknown>> {
  readonly type: string;
}

export type Side = "input" | "output";

/** What a schema can hold, in words with their place, such as "a date (lines[].on)". */
export interface TypesFound {
  /** That JSON cannot carry. */
  readonly beyondJson: readonly string[];
  /** That no message can carry. */
  readonly untransferable: readonly string[];
}

/** The keyword for a type that JSON Schema cannot express. */
export const typeKeyword = "x-muove";

/** Its value where anything may be sent: the other keywords describe what the schema makes of it. */
export const anything = "any";

/** Its value for Zod's `undefined` and `void`. */
export const nothingSent = "void";

/** What only MessagePack carries, by type: the keyword's value, and words for people. */
const carried: ReadonlyMap<unknown, readonly [keyword: string, words: string]> = new Map<unknown, [string, string]>([
  ["date", ["instant", "a date"]],
  [Date, ["instant", "a date"]],
  [Uint8Array, ["bytes", "bytes"]],
  ["bigint", ["bigint", "a bigint"]],
  ["map", ["map", "a Map"]],
  [Map, ["map", "a Map"]],
  ["set", ["set", "a Set"]],
  [Set, ["set", "a Set"]],
  ["nan", ["nan", "NaN"]],
]);

const uncarried = new Set<unknown>(["symbol", "function", "promise", "file"]);

/** Options that make Zod convert every type to JSON Schema. */
export function zodOptions(side: Side): Record<string, unknown> {
  return {
    unrepresentable: "any",
    override({ zodSchema, jsonSchema }: { zodSchema: ZodSchema; jsonSchema: Record<string, unknown> }) {
      const only = onlyInMessagePack(zodSchema, side);
      if (only !== undefined) jsonSchema[typeKeyword] = only[0];
      if (["undefined", "void"].includes(zodSchema._zod.def.type)) jsonSchema[typeKeyword] = nothingSent;
      // Zod describes the input by the schema behind it, which is not what is sent.
      if (side === "input" && isPreprocessed(zodSchema)) jsonSchema[typeKeyword] = anything;
    },
  };
}

const found = { input: new WeakMap<object, TypesFound>(), output: new WeakMap<object, TypesFound>() };

/** Looks for types in one side of a schema. This takes a small part of the time of a conversion to JSON Schema. */
export function typesIn(schema: unknown, side: Side): TypesFound {
  if (!isZod(schema)) return nothing;
  const known = found[side].get(schema);
  if (known !== undefined) return known;
  const search = new Search(side);
  search.visit(schema, "");
  found[side].set(schema, search);
  return search;
}

const nothing: TypesFound = { beyondJson: [], untransferable: [] };

class Search implements TypesFound {
  readonly beyondJson: string[] = [];
  readonly untransferable: string[] = [];
  readonly #side: Side;
  readonly #seen = new Set<unknown>();

  constructor(side: Side) {
    this.#side = side;
  }

  visit(schema: unknown, path: string): void {
    if (!isZod(schema) || this.#seen.has(schema)) return;
    this.#seen.add(schema);
    this.#note(schema, path);
    const { def } = schema._zod;
    if (def.type === "object") this.#fields(def, path);
    else if (def.type === "array" || def.type === "tuple") this.#elements(def, path);
    else if (def.type === "pipe") this.#pipe(schema, path);
    else for (const part of alike) this.visit(def[part], path);
    for (const option of listOf(def.options)) this.visit(option, path);
  }

  #note(schema: ZodSchema, path: string): void {
    const only = onlyInMessagePack(schema, this.#side);
    if (only !== undefined) this.beyondJson.push(located(only[1], path));
    const type = typeOf(schema);
    if (uncarried.has(type)) this.untransferable.push(located(`a ${type}`, path));
    else if (isForeignClass(type)) this.untransferable.push(located(`an instance of ${type.name}`, path));
  }

  #fields(def: ZodDefinition, path: string): void {
    for (const [key, field] of fieldsOf(def)) this.visit(field, `${path}.${key}`);
    this.visit(def.catchall, path);
  }

  #elements({ element, items, rest }: ZodDefinition, path: string): void {
    for (const one of [element, rest, ...listOf(items)]) this.visit(one, `${path}[]`);
  }

  #pipe(schema: ZodSchema, path: string): void {
    const { def } = schema._zod;
    if (this.#side === "output") this.visit(def.out, path);
    else if (!isPreprocessed(schema)) this.visit(def.in, path);
  }
}

/** Where the other types keep what they consist of. */
const alike = ["innerType", "valueType", "keyType", "left", "right"];

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The fields of an object. None if they cannot be known yet: a recursive schema may refer to one that comes later. */
function fieldsOf(def: ZodDefinition): readonly [string, unknown][] {
  if (def.type !== "object") return [];
  try {
    return Object.entries(def.shape as object);
  } catch {
    return [];
  }
}

function isZod(value: unknown): value is ZodSchema {
  return (value as Partial<ZodSchema> | undefined)?._zod?.def !== undefined;
}

function onlyInMessagePack(schema: ZodSchema, side: Side): readonly [string, string] | undefined {
  // What is coerced may be sent as something else.
  return side === "input" && schema._zod.def.coerce === true ? undefined : carried.get(typeOf(schema));
}

/** A type's name, or the class of `z.instanceof()`. */
function typeOf({ _zod: { def, bag } }: ZodSchema): unknown {
  if (def.type === "custom") return bag.Class;
  const values = def.type === "literal" ? (def.values as unknown[]) : [];
  return values.some((value) => typeof value === "bigint") ? "bigint" : def.type;
}

/** A receiver gets plain data, never an instance of a class. */
function isForeignClass(type: unknown): type is { readonly name: string } {
  return typeof type === "function" && !carried.has(type) && type !== Object && type !== Array;
}

function isPreprocessed({ _zod: { def } }: ZodSchema): boolean {
  return def.type === "pipe" && isZod(def.in) && def.in._zod.def.type === "transform";
}

const located = (words: string, path: string): string =>
  path === "" ? words : `${words} (${path.replace(/^\./, "")})`;
