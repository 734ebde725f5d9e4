// The service that examples 07 and 10 take away: a normal service, in a process of its own.

import { connect, supervised } from "muove";
import { pricing } from "./pricing-contract.js";

const bus = connect({ service: "pricing", servers: process.env.NATS_URL });
bus.serve(pricing, { quote: () => ({ cents: 450 }) });
supervised(bus);
