import { answer, ready } from "@muove/testkit/child";
import { connect as connectOfficial, type NatsConnection } from "@nats-io/transport-node";
import { type Bus, connect } from "muove";

// Many clients in one process, of Muove or of the official client: CLIENTS of them, to NATS_URL.

const { NATS_URL = "", CLIENTS, OFFICIAL } = process.env;
const count = Number(CLIENTS);

/** Says how many of its clients are connected. */
type Herd = () => number;

function muove(): Herd {
  const buses: Bus[] = [];
  for (let i = 0; i < count; i++) buses.push(connect({ service: "herd", servers: NATS_URL, logger: false }));
  return () => buses.filter(({ status }) => status.connection.state === "up").length;
}

function official(): Herd {
  const { username, password, host } = new URL(NATS_URL);
  const connected = new Set<number>();
  const watch = async (client: NatsConnection, i: number): Promise<void> => {
    connected.add(i);
    for await (const { type } of client.status()) {
      if (type === "disconnect") connected.delete(i);
      if (type === "reconnect") connected.add(i);
    }
  };
  for (let i = 0; i < count; i++) {
    const options = {
      servers: host,
      user: username,
      pass: password,
      maxReconnectAttempts: -1,
      waitOnFirstConnect: true,
    };
    void connectOfficial(options).then((client) => watch(client, i));
  }
  return () => connected.size;
}

const connected = OFFICIAL === undefined ? muove() : official();
answer({ connected });
ready();
