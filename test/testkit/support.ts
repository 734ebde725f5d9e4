import { existsSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export const service = (name: string): URL => new URL(`./services/${name}.mjs`, import.meta.url);

/** Whether there is such a process. One that has ended is gone, even if whoever adopted it has not looked yet. */
export function lives(pid: number | undefined): boolean {
  try {
    process.kill(pid as number, 0);
  } catch {
    return false;
  }
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "latin1") : "";
  return !stat.slice(stat.lastIndexOf(")")).startsWith(") Z");
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
