// `node --import` this, and the NATS that an example starts for itself is a real nats-server: what it imports from
// @muove/broker and @muove/testkit comes from real-nats.mjs.
import { register } from "node:module";

const real = JSON.stringify(new URL("./real-nats.mjs", import.meta.url).href);
const hooks = `export function resolve(name, context, next) {
  const swap = /^@muove\\/(broker|testkit)$/.test(name) && /\\/examples\\/dist\\//.test(context.parentURL ?? "");
  return swap ? { url: ${real}, shortCircuit: true } : next(name, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
