// With `node --import` of this file, an example starts nats-server instead of the embedded broker: its imports from
// @muove/broker and @muove/testkit come from real-nats.mjs.
import { register } from "node:module";

const real = JSON.stringify(new URL("./real-nats.mjs", import.meta.url).href);
const hooks = `export function resolve(name, context, next) {
  const swap = /^@muove\\/(broker|testkit)$/.test(name) && /\\/examples\\/dist\\//.test(context.parentURL ?? "");
  return swap ? { url: ${real}, shortCircuit: true } : next(name, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
