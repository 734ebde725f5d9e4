import { connect } from "node:net";

const greetTimeout = 1_000;

/** Whether a NATS server sends INFO there. An accepted connection proves nothing, because the engine accepts it. */
export function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const settle = (greeted: boolean): void => {
      socket.destroy();
      resolve(greeted);
    };
    socket.setTimeout(greetTimeout, () => settle(false));
    socket.once("data", (data) => settle(data.toString("latin1").startsWith("INFO")));
    socket.once("error", () => settle(false));
    socket.once("close", () => settle(false));
  });
}
