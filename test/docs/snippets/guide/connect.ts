// #region connect
import { connect } from "muove";

export const bus = connect({
  service: "stock", // All instances of a service share its name.
  servers: process.env.NATS_URL, // nats://127.0.0.1:4222 when left out or empty; several, separated by commas, are fine.
});
// #endregion
