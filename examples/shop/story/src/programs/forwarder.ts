// Stands between the services and a NATS server that the story must not kill: forwarder.js <port> <host> <host's port>
// To the services, killing it looks like a killed server: every connection breaks, and nobody accepts a new one.

import { connect, createServer, type Socket } from "node:net";

const [port, host, hostPort] = process.argv.slice(2);

const server = createServer((client) => {
  const nats = connect({ host: host ?? "127.0.0.1", port: Number(hostPort), noDelay: true });
  client.setNoDelay(true);
  join(client, nats);
  join(nats, client);
});

function join(from: Socket, to: Socket): void {
  from.pipe(to);
  from.on("error", () => to.destroy());
  from.on("close", () => to.destroy());
}

server.listen(Number(port), "127.0.0.1", () => console.log(`forwards ${port} to ${host}:${hostPort}`));
