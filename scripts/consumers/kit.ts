import { startBroker } from "@muove/broker";
import { testkit } from "@muove/testkit";
import { ready } from "@muove/testkit/child";

export const kit = testkit();
export const broker = startBroker({ port: 0 });
ready();
