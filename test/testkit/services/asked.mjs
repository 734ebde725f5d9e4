import { connect } from "muove";

const bus = connect({ service: "asked", servers: process.env.NATS_URL, logger: false });

// #region answer
import { answer, ready } from "@muove/testkit/child";

answer({
  status: () => bus.status.connection.state,
  double: (/** @type {number} */ n) => 2 * n,
});
ready(); // Where no line of output says so.
// #endregion
