import { type JsonSchema, jsonSchemaOf } from "./json-schema.js";
import type { Schema } from "./schema.js";
import { anything, type Side, typeKeyword } from "./zod-types.js";

/** The keys that a contract knows of a value, at every level; all others are left out when the value is sent. */
export class Shape {
  readonly fields = new Map<string, Shape>();
  /** The same, in the order of the contract, which is mostly that of a value: comparing is faster than looking up. */
  readonly names: string[] = [];
  readonly shapes: Shape[] = [];
  /** Of keys that are not in `fields`; `undefined`: they are left out. */
  others: Shape | undefined = undefined;
  /** Of the elements of an array. */
  items: Shape = this;
}

/** Leaves nothing out, at any level. */
export const asGiven: Shape = new Shape();
asGiven.others = asGiven;

const shapes = { input: new WeakMap<Schema, Shape>(), output: new WeakMap<Schema, Shape>() };

/**
 * The shape of a schema's input or output, compiled once from its JSON Schema. {@link asGiven} if the library has none, or if
 * nothing is to be left out.
 *
 * A key that `properties` does not name is left out, unless the schema says something about other keys: loose objects,
 * records and patterns keep them, and a strict object refuses them itself. What may be one of several things keeps the
 * keys that any of them knows.
 */
export function shapeOf(schema: Schema, side: Side): Shape {
  const known = shapes[side].get(schema);
  if (known !== undefined) return known;
  const described = jsonSchemaOf(schema, side);
  const shape = described === undefined ? asGiven : new Compiler(described).shape();
  shapes[side].set(schema, shape);
  return shape;
}

/** Beyond that the schema is not worth it: then nothing is left out. */
const maxShapes = 1_000;

/** Keywords whose effect on keys depends on the value. */
const conditional = ["if", "dependentSchemas", "unevaluatedProperties", "unevaluatedItems", "contains", "$dynamicRef"];
const structural = ["properties", "additionalProperties", "patternProperties", "items", "prefixItems"];

// Invariants:
// SHAPE-1 A shape is made once for each set of schemas that may describe the same value, so recursion ends.
// SHAPE-2 Where several schemas may describe a value, a key is left out only if none of them knows or keeps it.
class Compiler {
  readonly #root: JsonSchema;
  readonly #made = new Map<string, Shape>();
  readonly #ids = new Map<JsonSchema, number>();

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  shape(): Shape {
    const root = this.#of([this.#root]);
    if (this.#made.size > maxShapes) return asGiven;
    return this.#simplified(root);
  }

  /** The shape of a value that any of these schemas may describe. */
  #of(schemas: readonly unknown[]): Shape {
    const leaves = new Set<JsonSchema>();
    if (schemas.some((schema) => !this.#expand(schema, leaves, new Set()))) return asGiven;
    if (leaves.size === 0) return asGiven;
    const key = [...leaves].map((leaf) => this.#id(leaf)).sort((a, b) => a - b);
    const found = this.#made.get(key.join());
    if (found !== undefined || this.#made.size > maxShapes) return found ?? asGiven;
    const shape = new Shape();
    this.#made.set(key.join(), shape);
    this.#fill(shape, [...leaves]);
    return shape;
  }

  #id(leaf: JsonSchema): number {
    const id = this.#ids.get(leaf) ?? this.#ids.size;
    this.#ids.set(leaf, id);
    return id;
  }

  /** Adds the schemas that describe keys or elements. Returns false if anything may be there. */
  #expand(schema: unknown, leaves: Set<JsonSchema>, seen: Set<unknown>): boolean {
    if (schema === false || seen.has(schema)) return true;
    if (!isSchema(schema)) return false;
    seen.add(schema);
    if (schema[typeKeyword] === anything || conditional.some((keyword) => keyword in schema)) return false;
    if (structural.some((keyword) => keyword in schema)) leaves.add(schema);
    else if (!isComposite(schema)) return isScalar(schema);
    const { $ref, allOf = [], anyOf = [], oneOf = [] } = schema;
    const parts = [...listOf(allOf), ...listOf(anyOf), ...listOf(oneOf)];
    if ($ref !== undefined) parts.push(this.#resolved($ref));
    return parts.every((part) => this.#expand(part, leaves, seen));
  }

  #resolved(ref: unknown): unknown {
    const steps = String(ref).split("/");
    if (steps[0] !== "#") return undefined;
    const names = steps.slice(1).map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    return names.reduce<unknown>((at, name) => (isSchema(at) ? at[name] : undefined), this.#root);
  }

  #fill(shape: Shape, leaves: readonly JsonSchema[]): void {
    const objects = leaves.filter(describesKeys);
    const others = objects.map(othersOf).filter((schema) => schema !== undefined);
    const open = objects.length === 0 || others.includes(false);
    if (others.some((schema) => schema !== false)) shape.others = this.#of(others);
    else if (open) shape.others = asGiven;
    for (const name of new Set(objects.flatMap(({ properties }) => Object.keys(properties ?? {})))) {
      const known = objects.map((leaf) => propertyOf(leaf, name) ?? othersOf(leaf));
      shape.fields.set(name, this.#of(known.filter((schema) => schema !== undefined)));
    }
    const elements = leaves.flatMap(({ items, prefixItems }) => [items, ...listOf(prefixItems)]);
    shape.items = this.#of(elements.filter((schema) => schema !== undefined));
  }

  /** Replaces every shape that leaves nothing out, so that values are not compared with it. */
  #simplified(root: Shape): Shape {
    const prunes = new Set([...this.#made.values()].filter(({ others }) => others === undefined));
    const affects = (shape: Shape): boolean =>
      [shape.others, shape.items, ...shape.fields.values()].some((part) => part !== undefined && prunes.has(part));
    for (let before = -1; before !== prunes.size; ) {
      before = prunes.size;
      for (const shape of this.#made.values()) if (affects(shape)) prunes.add(shape);
    }
    const simple = (shape: Shape): Shape => (prunes.has(shape) ? shape : asGiven);
    for (const shape of prunes) {
      for (const [name, field] of shape.fields) shape.fields.set(name, simple(field));
      if (shape.others !== undefined) shape.others = simple(shape.others);
      shape.items = simple(shape.items);
    }
    for (const shape of prunes) {
      shape.names.push(...shape.fields.keys());
      shape.shapes.push(...shape.fields.values());
    }
    return simple(root);
  }
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null;
}

function isComposite(schema: JsonSchema): boolean {
  return "$ref" in schema || "allOf" in schema || "anyOf" in schema || "oneOf" in schema;
}

/** Whether it describes neither objects nor arrays. One that says nothing at all describes anything. */
function isScalar({ type, enum: values, const: value }: JsonSchema): boolean {
  if (type === undefined) return (values ?? value) !== undefined && ![...listOf(values), value].some(isSchema);
  return !listOf(type).some((name) => name === "object" || name === "array");
}

function describesKeys(schema: JsonSchema): boolean {
  return "properties" in schema || "additionalProperties" in schema || "patternProperties" in schema;
}

/** What it says of keys that it does not name: `false` if it refuses them, `undefined` if nothing. */
function othersOf({ additionalProperties, patternProperties }: JsonSchema): unknown {
  return patternProperties === undefined ? additionalProperties : true;
}

function propertyOf({ properties }: JsonSchema, name: string): unknown {
  return isSchema(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
