import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export const service = (name: string): URL => new URL(`./services/${name}.mjs`, import.meta.url);

/** A TCP connection that records what it received and how it ended. */
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
