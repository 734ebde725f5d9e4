// #region main
import { setTimeout } from "node:timers/promises";
import { supervised } from "muove";
import { bus } from "./connect.js";
import { edge } from "./edge.js";

const server = edge(bus).listen(Number(process.env.PORT ?? 8080));
const seen = 5_000; // How long the balancer in front takes to see that /readyz fails.

supervised(bus, {
  before: async () => {
    await setTimeout(seen);
    await new Promise((closed) => server.close(closed));
  },
  beforeTimeout: seen + 3_000,
});
// #endregion
