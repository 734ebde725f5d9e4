import { type Answers, answer, ready } from "@muove/testkit/child";

// Runs one of `probes/` in its own process.

const { open } = (await import(`../probes/${process.argv[2]}.js`)) as { open(url: string): Promise<Answers> };
answer(await open(process.env.NATS_URL ?? ""));
ready();
