import { once } from "node:events";
import { createServer } from "node:net";
import { freePort } from "@muove/testkit";
import { describe, expect, it } from "vitest";
import { makeKit } from "../support/kit.js";
import { natsServer, natsServerThatKeepsMail } from "../support/nats-server.js";
import { lives } from "../support/processes.js";
import { childrenOf, type Story, startStory, type Told, tellStory } from "./story.js";

const program = natsServerThatKeepsMail();

/** The story takes about 15 s, and longer on a busy machine. */
const patience = 90_000;

/** The rows of the table without their times: a row begins with its number. */
const rowsOf = ({ out }: Told) => [...out.matchAll(/^[ \d]\d {2}(.{24}) {2}.(\d{3}) .* (?:m?s) {2}(\S+)/gm)];

/** The lines about letters, without what differs. */
const lettersOf = ({ out }: Told) => [...out.matchAll(/^ {4}letters: (.*)$/gm)].map(([, text]) => text);

/** Letters on a NATS with JetStream: those of an order wait for notifications, over the loss of the broker. */
const keptLetters = [
  "1 of 1 written",
  "1 of 3 written, 2 to come",
  "1 of 4 written, 3 to come",
  "1 of 5 written, 4 to come",
  "1 of 5 written, 4 to come",
  "5 of 6 written, 1 dead (no such address)",
];
const noLetters = [1, 3, 4, 5, 5, 6].map((n) => `nothing here can keep letters, so orders still has ${n}`);

function expectTheWholeStory(told: Told, broker: string, letters: readonly string[]): void {
  const rows = rowsOf(told).map(([, title, status, first]) => `${title?.trim()}: ${status}, ${first}`);
  expect
    .soft(rows)
    .toEqual([
      "storefront alone: 200, product",
      "all others started: 200, product",
      `${broker} last: all up: 200, nothing`,
      "notifications killed: 200, nothing",
      "recommendations killed: 200, recommendations",
      "pricing killed: 200, price",
      "inventory stopped: 200, price",
      "a moment later: 200, price",
      `${broker} killed: 200, product`,
      "all others back: 200, product",
      `${broker} last: all back: 200, nothing`,
    ]);
  expect.soft(lettersOf(told)).toEqual(letters);
  expect.soft(told.out).toMatch(/\d+ requests meanwhile: 0 other than 200, slowest \d+ ms/);
  expect.soft(told.out).toContain("11 of 11 steps as expected");
  expect
    .soft(
      Math.max(
        ...told.out
          .split("\n")
          .slice(2)
          .map((line) => line.length),
      ),
    )
    .toBeLessThanOrEqual(100);
  expect.soft(told.err).toBe("");
  expect(told.code).toBe(0);
}

it("shows that the shop keeps moving, on the embedded broker", { timeout: patience }, async () => {
  const told = await tellStory(["--once"], { PORT: String(await freePort()) });
  expect(told.out).toContain("the embedded broker");
  expectTheWholeStory(told, "broker", keptLetters);
});

describe.skipIf(!natsServer)("[needs nats-server]", () => {
  it("shows the same on nats-server, where it kills a forwarder instead of the server", {
    timeout: patience,
  }, async () => {
    const server = await makeKit().nats({ on: "nats-server" });
    const told = await tellStory(["--once"], { PORT: String(await freePort()), NATS_URL: server.url });
    expect(told.out).toContain(`127.0.0.1:${server.port}, through a forwarder`);
    expectTheWholeStory(told, "forwarder", noLetters);
  });

  describe.skipIf(program === undefined)("[needs nats-server 2.10 or later]", () => {
    it("shows that each letter comes, although notifications and then the server are killed", {
      timeout: patience,
    }, async () => {
      const told = await tellStory(["--once", "--nats-server"], {
        PORT: String(await freePort()),
        NATS_SERVER: program as string,
      });
      expect(told.out).toContain("with JetStream");
      expectTheWholeStory(told, "broker", keptLetters);
    });
  });
});

describe.concurrent("the story leaves no process behind", () => {
  for (const signal of ["SIGINT", "SIGKILL"] as const) {
    it(`when ${signal} ends it in the middle`, { timeout: patience }, async ({ expect }) => {
      const story = startStory(["--once"], { PORT: String(await freePort()) });
      await seen(story, "inventory stopped");
      const children = childrenOf(story);
      expect(children.length).toBeGreaterThan(5);
      story.kill(signal);
      await once(story, "exit");
      await expect.poll(() => children.filter(lives), { timeout: 5_000 }).toEqual([]);
    });
  }
});

describe("the story says what is wrong", () => {
  it("with an unknown option", async () => {
    const told = await tellStory(["--twice"]);
    expect(told.code).toBe(2);
    expect(told.err).toContain("--twice");
    expect(told.err).toContain("--help");
  });

  it("with a port that is busy", async () => {
    const busy = createServer().listen(0, "127.0.0.1");
    await once(busy, "listening");
    const { port } = busy.address() as { port: number };
    const told = await tellStory(["--once"], { PORT: String(port) });
    busy.close();
    expect(told.code).toBe(1);
    expect(told.err).toContain(`Port ${port} is busy`);
  });

  it("without a nats-server to start", async () => {
    const told = await tellStory(["--once", "--nats-server"], {
      PORT: String(await freePort()),
      NATS_SERVER: "no-such-nats-server",
    });
    expect(told.code).toBe(1);
    expect(told.err).toContain("There is no no-such-nats-server");
  });

  it("with a NATS server that is not there", async () => {
    const told = await tellStory(["--once"], {
      PORT: String(await freePort()),
      NATS_URL: `nats://127.0.0.1:${await freePort()}`,
    });
    expect(told.code).toBe(1);
    expect(told.err).toMatch(/No NATS server answers at 127\.0\.0\.1:\d+/);
  });
});

function seen(story: Story, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let out = "";
    story.stdout.on("data", (chunk) => {
      out += chunk;
      if (out.includes(words)) resolve();
    });
    story.once("exit", () => reject(new Error(`the story ended before "${words}":\n${out}`)));
  });
}
