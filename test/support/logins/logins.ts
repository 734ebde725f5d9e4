import { nkeys } from "@nats-io/nats-core";
import type { ConnectOptions } from "muove";
import type { Oldest } from "../nats-server.js";
import { Authority, openssl } from "./authority.js";
import { Callout } from "./callout.js";
import { newUser, Operator, publicKey, seedOf } from "./jwt.js";
import { TemporaryFolder } from "./temporary-folder.js";

/** A way to log in, for tests that go through all of them: a server that knows it, and clients that show it. */
export interface Login {
  /** For the configuration of each server. */
  readonly text: string;
  /** For `connect()`. */
  readonly options: Pick<ConnectOptions, "credentials" | "tls">;
  /** What failed dials are about while clients show what is wrong. */
  readonly kind: "credentials" | "tls";
  /** Called with the URL of each server before it starts. */
  serve(url: string): void;
  /** From its next start or reload on, the server takes something else than clients show. */
  rotate(): void;
  /** From their next dial on, clients show that. */
  follow(): void;
}

export interface LoginKind {
  readonly name: string;
  /** Why it cannot be tried here, if it cannot. */
  readonly missing: string | undefined;
  /** The oldest nats-server that has it. Default: any. */
  readonly oldest?: Oldest;
  make(): Login;
}

const nobody = (): void => {};

/** Clients have a creds file. */
function operatorMode(): Login {
  const folder = new TemporaryFolder();
  const operator = new Operator();
  let account = nkeys.createAccount();
  const credsFile = folder.file("service.creds");
  const rotate = () => void folder.write("auth.conf", operator.configuration(account));
  const follow = () => void folder.write("service.creds", newUser(account).creds);
  rotate();
  follow();
  return {
    text: folder.included("auth.conf"),
    options: { credentials: { credsFile } },
    kind: "credentials",
    serve: nobody,
    rotate() {
      account = nkeys.createAccount();
      rotate();
    },
    follow,
  };
}

/** Clients get the seed from an asynchronous function. */
function nkey(): Login {
  const folder = new TemporaryFolder();
  let [accepted, shown] = [nkeys.createUser(), nkeys.createUser()];
  const rotate = () => {
    accepted = nkeys.createUser();
    folder.write("auth.conf", `authorization: { users: [{ nkey: ${publicKey(accepted)} }] }\n`);
  };
  const follow = () => {
    shown = accepted;
  };
  rotate();
  follow();
  const credentials = async () => ({ nkeySeed: await Promise.resolve(seedOf(shown)) });
  return {
    text: folder.included("auth.conf"),
    options: { credentials },
    kind: "credentials",
    serve: nobody,
    rotate,
    follow,
  };
}

/** Clients have files with their certificate, its key, and the authority of the server's. */
function mutualTls(): Login {
  const folder = new TemporaryFolder();
  let generation = 0;
  let authority: Authority | undefined;
  const write = (who: "server" | "client") => {
    authority ??= new Authority(folder, `authority-${++generation}`);
    const { cert, key } = authority.issue();
    const [certFile, keyFile] = [folder.write(`${who}-cert.pem`, cert), folder.write(`${who}-key.pem`, key)];
    return { certFile, keyFile, caFile: folder.write(`${who}-ca.pem`, authority.cert) };
  };
  const server = write("server");
  return {
    text: `tls { cert_file: "${server.certFile}", key_file: "${server.keyFile}", ca_file: "${server.caFile}", verify: true }`,
    options: { tls: write("client") },
    kind: "tls",
    serve: nobody,
    rotate() {
      authority = undefined;
      write("server");
    },
    follow: () => void write("client"),
  };
}

/** Clients have a user and a password, which are checked by a client of the server itself. */
function authCallout(): Login {
  const callout = new Callout();
  let [accepted, shown] = ["pass-0", "pass-0"];
  callout.admits = ({ user, pass }) => user === "service" && pass === accepted;
  return {
    text: `authorization: { ${callout.configuration} }`,
    options: { credentials: () => ({ user: "service", pass: shown }) },
    kind: "credentials",
    serve: (url) => callout.serve(url),
    rotate() {
      accepted = `pass-${Math.random()}`;
    },
    follow() {
      shown = accepted;
    },
  };
}

export const loginKinds: readonly LoginKind[] = [
  { name: "operator mode with a creds file", missing: undefined, make: operatorMode },
  { name: "an NKey", missing: undefined, make: nkey },
  { name: "certificates on both sides", missing: openssl ? undefined : "openssl", make: mutualTls },
  { name: "an auth callout", missing: undefined, oldest: [2, 10], make: authCallout },
];
