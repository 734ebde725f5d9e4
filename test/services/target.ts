import { setTimeout as sleep } from "node:timers/promises";
import { answer } from "@muove/testkit/child";
import { connect, supervised } from "muove";
import { evaluations } from "./evaluation.js";
import { heapInUse } from "./heap.js";
import { target } from "./target-contract.js";

// The service that hostile messages are sent to. It can be asked whether they did it any harm.

const bus = connect({ service: "target", servers: process.env.NATS_URL });

const inherited = [Object, Array, Function, String, Map].map(({ prototype }) => prototype as object);
const properties = (): number => inherited.flatMap((prototype) => Reflect.ownKeys(prototype)).length;
const pristine = properties();

const failure = (): Error => new Error("the secret of the target");

bus.serve(target, {
  price: ({ quantity }) => ({ cents: 5 * quantity }),
  ping: () => "pong",
  crash({ how }) {
    if (how === "throws") throw failure();
    if (how === "throws nothing") throw undefined;
    if (how === "throws what throws") throw new Proxy(failure(), { get: () => raise(), has: () => raise() });
    if (how === "rejects") return Promise.reject(failure());
    return sleep(5).then(raise);
  },
  pause: ({ ms }, { signal }) => sleep(ms, undefined, { signal }),
  trip: () => raise(),
  noted() {},
});

let told = 0;
bus.on(target.events.told, () => void told++);

function raise(): never {
  throw failure();
}

answer({
  status: () => bus.status,
  health: () => bus.health,
  memory: heapInUse,
  evaluations,
  told: () => told,
  polluted: () => "polluted" in {} || properties() !== pristine,
});
supervised(bus);
