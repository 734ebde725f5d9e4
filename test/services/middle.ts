import { answer } from "@muove/testkit/child";
import { connect, supervised } from "muove";
import { worker } from "./contract.js";
import { archive, middle } from "./middle-contract.js";

// A service that calls others and answers degraded without them.

const bus = connect({ service: "middle", servers: process.env.NATS_URL });
const opened: string[] = [];
bus.on("circuitOpened", ({ address }) => opened.push(address));

bus.serve(middle, {
  async report({ retries }, ctx) {
    // The one that may hang is called first, so that the other gets only the time that is left.
    const made = await ctx.to(worker).large({ bytes: 1 }, { retries }).orElse({ text: "" });
    const found = await ctx.to(archive).find({ text: "a" }, { retries }).orElse({ found: "nothing" });
    return { worker: said(made), archive: said(found) };
  },
  async ask({ how }, ctx) {
    const budget = bus.within({ timeout: 800 });
    const workers = {
      nested: ctx.to(worker),
      budget: budget.to(worker),
      "budget by key": budget.to(worker, { key: "a" }),
    };
    return { worker: said(await workers[how].hello().orElse("")) };
  },
  async patient(_, ctx) {
    return { worker: said(await ctx.to(worker).ponder().orElse("")) };
  },
  alone() {},
});

const said = (outcome: { status: string; reason?: string }): string => outcome.reason ?? outcome.status;

answer({
  status: () => bus.status,
  health: () => bus.health,
  opened: () => opened,
});
supervised(bus);
