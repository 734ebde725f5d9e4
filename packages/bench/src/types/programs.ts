/** Files by name. */
export type Program = ReadonlyMap<string, string>;

/** How many mailboxes, and how many calls each has. Every call has one call site. */
export interface Scale {
  readonly mailboxes: number;
  readonly calls: number;
}

/** What is compared; `plain` has no schemas at all, `inferred` has those of the contracts, and types inferred from them. */
export const contenders = ["muove", "inferred", "plain"] as const;
export type Contender = (typeof contenders)[number];

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const lines = (count: number, line: (i: number) => string): string => numbers(count).map(line).join("\n");

/** The same mailboxes and calls, written for one contender. No two have a type in common, as in a real system. */
export function program(contender: Contender, { mailboxes, calls }: Scale): Program {
  const files = new Map<string, string>();
  if (contender !== "muove") files.set("call.ts", handWritten);
  for (const box of numbers(mailboxes)) {
    files.set(`box${box}.ts`, contracts[contender](box, calls));
    files.set(`use${box}.ts`, use(contender, box, calls));
  }
  return files;
}

const inputSchema = (box: number, i: number): string =>
  `z.object({ id${box}_${i}: z.string(), lines: z.array(z.object({ sku: z.string(), n: z.int() })) })`;
const outputSchema = (box: number, i: number): string =>
  `z.object({ cents${box}_${i}: z.int(), note: z.string().optional() })`;
const errorSchemas = "{ GONE: z.object({ on: z.string() }), SOLD_OUT: z.undefined() }";
const hasErrors = (i: number): boolean => i % 3 === 0;
const errors = '{ code: "GONE"; data: { on: string } } | { code: "SOLD_OUT"; data: undefined }';

const contracts: Readonly<Record<Contender, (box: number, calls: number) => string>> = {
  muove: (box, calls) => `import { call, mailbox } from "muove";
import { z } from "zod";
export const box${box} = mailbox("box${box}", {
${lines(calls, (i) => `  m${i}: call({ input: ${inputSchema(box, i)}, output: ${outputSchema(box, i)}${hasErrors(i) ? `, errors: ${errorSchemas}` : ""} }),`)}
});
`,
  inferred: (box, calls) => `import { z } from "zod";
import type { Call } from "./call.js";
const schemas = {
${lines(calls, (i) => `  m${i}: { input: ${inputSchema(box, i)}, output: ${outputSchema(box, i)}, errors: ${hasErrors(i) ? errorSchemas : "{}"} },`)}
};
type S = typeof schemas;
export interface Box${box} {
${lines(calls, (i) => `  m${i}(input: z.input<S["m${i}"]["input"]>): Call<z.output<S["m${i}"]["output"]>, ${hasErrors(i) ? errors : "never"}>;`)}
}
`,
  plain: (box, calls) => `import type { Call } from "./call.js";
export interface Box${box} {
${lines(calls, (i) => `  m${i}(input: { id${box}_${i}: string; lines: { sku: string; n: number }[] }): Call<{ cents${box}_${i}: number; note?: string | undefined }, ${hasErrors(i) ? errors : "never"}>;`)}
}
`,
};

const handWritten = `export interface Ok<T> { readonly status: "ok"; readonly value: T }
export interface Failed<E> { readonly status: "failed"; readonly error: E }
export interface Degraded<T> { readonly status: "degraded"; readonly value: T; readonly reason: string }
export interface NoAnswer { readonly status: "unavailable" | "faulty"; readonly reason: string }
export interface Call<T, E> extends Promise<Ok<T> | Failed<E> | NoAnswer> {
  orElse(fallback: T): Promise<Ok<T> | Degraded<T> | Failed<E>>;
}
`;

/** Every other call has a fallback. */
function use(contender: Contender, box: number, calls: number): string {
  const [imports, parameter, client] =
    contender === "muove"
      ? [
          `import type { Bus } from "muove";\nimport { box${box} } from "./box${box}.js";`,
          "bus: Bus",
          `bus.to(box${box})`,
        ]
      : [`import type { Box${box} } from "./box${box}.js";`, `box: Box${box}`, "box"];
  const site = (i: number): string => {
    const call = `${client}.m${i}({ id${box}_${i}: "a", lines: [{ sku: "a", n: 1 }] })`;
    const [made, status] = i % 2 === 0 ? [`${call}.orElse({ cents${box}_${i}: 1 })`, "degraded"] : [call, "ok"];
    return `  const o${i} = await ${made};\n  if (o${i}.status === "${status}") sum += o${i}.value.cents${box}_${i};`;
  };
  return `${imports}
export async function use${box}(${parameter}): Promise<number> {
  let sum = 0;
${lines(calls, site)}
  return sum;
}
`;
}
