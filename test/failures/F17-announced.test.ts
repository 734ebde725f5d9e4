import { eventually } from "@muove/testkit";
import { connect } from "muove";
import { expect } from "vitest";
import { fullBacklog } from "../link/support/full-backlog.js";
import { connected } from "./support/bus.js";
import { failure } from "./support/failure.js";
import { timed } from "./support/load.js";

failure("F17", "addresses of a cluster that only its servers can reach do not delay the way back", async (fault) => {
  const [nats] = await fault.kit.cluster({ size: 2, text: `client_advertise: "${await fullBacklog()}"` });
  if (!nats) throw new Error("no cluster");
  const balancer = await fault.kit.proxy(nats.url);
  await using bus = connect({ service: "caller", servers: balancer.url, logger: false });
  const failures: string[] = [];
  bus.on("connectFailed", ({ error }) => failures.push(error.message));
  await connected(bus);
  let ups = 0;
  bus.on("connected", () => ups++);
  const back = await timed(async () => {
    balancer.cut();
    await eventually(() => ups === 1, { within: 30_000 });
  });
  fault.figure("from the cut of a connection through a load balancer until it is back", back.ms);
  expect(back.ms).toBeLessThan(1_000);
  expect(failures).toEqual([]);
});
