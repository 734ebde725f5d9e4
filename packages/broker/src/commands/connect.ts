import { authenticate } from "../access/authenticator.js";
import type { Connection } from "../connection/connection.js";
import { connectShape, decode } from "../wire/json.js";
import { fatal, Violation } from "../wire/violation.js";

/** The newest protocol that a client may ask for. */
const newestProtocol = 1;

/** CONNECT: the client's credentials and options. It may come again; options that it leaves out keep their values. */
export function connect(connection: Connection, bytes: Buffer, start: number, end: number): void {
  connection.stopAuthTimer();
  connection.heartbeat.connected();
  const said = decode(connectShape, bytes.subarray(start, end));
  if (said === undefined) throw new Violation();
  connection.options = Object.freeze({ ...connection.options, ...said });
  connection.introduced = true;
  letIn(connection);
  check(connection);
  connection.sendOk();
}

function letIn(connection: Connection): void {
  const { options, shared } = connection;
  const verdict = authenticate(shared.settings.auth, options);
  if (!verdict.ok) throw new Violation(fatal.authorization);
  if (options.account !== "" || options.new_account) throw new Violation(fatal.authorization);
  connection.permit(verdict.rules ?? shared.settings.permissions);
}

function check({ options }: Connection): void {
  if (options.protocol < 0 || options.protocol > newestProtocol) throw new Violation(fatal.clientProtocol);
  if (options.no_responders && !options.headers) throw new Violation(fatal.noRespondersNeedsHeaders);
}
