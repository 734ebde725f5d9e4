import { connect, type Socket } from "node:net";
import { type Testkit, testkit } from "@muove/testkit";
import { onTestFinished } from "vitest";

/** A kit that ends with the test. */
export function makeKit(): Testkit {
  const kit = testkit();
  onTestFinished(() => kit.close());
  return kit;
}

export const service = (name: string): URL => new URL(`./services/${name}.mjs`, import.meta.url);

/** Whether there is such a process. */
export function lives(pid: number | undefined): boolean {
  try {
    return process.kill(pid as number, 0);
  } catch {
    return false;
  }
}

/** A TCP connection that remembers what came, and how it ended. */
export class Peer {
  received = "";
  state: "connecting" | "open" | "ended" | "reset" | "refused" = "connecting";
  readonly socket: Socket;

  constructor(url: string | Socket) {
    this.socket = typeof url === "string" ? connect(Number(new URL(url).port), "127.0.0.1") : url;
    if (typeof url !== "string") this.state = "open";
    this.socket.on("connect", () => {
      this.state = "open";
    });
    this.socket.on("data", (chunk) => {
      this.received += chunk.toString("latin1");
    });
    this.socket.on("end", () => {
      this.state = "ended";
    });
    this.socket.on("error", (error: NodeJS.ErrnoException) => {
      this.state = error.code === "ECONNREFUSED" ? "refused" : "reset";
    });
    onTestFinished(() => void this.socket.destroy());
  }
}
