import { nkeys } from "@nats-io/nats-core";
import { connect, type NodeConnectionOptions } from "@nats-io/transport-node";
import { onTestFinished } from "vitest";
import { claimsOf, type KeyPair, publicKey, signed, userJwt } from "./jwt.js";

/** What a client showed. */
export interface Shown {
  readonly user?: string;
  readonly pass?: string;
  readonly auth_token?: string;
}

/** An auth callout (nats-server 2.10 and later): a NATS client that is asked whom to let in. */
export class Callout {
  readonly #issuer: KeyPair;
  readonly #audience: { readonly aud?: string };
  /** Whom to let in; it may take its time. */
  admits: (shown: Shown) => boolean | Promise<boolean> = () => true;

  /** @param account its own one in operator mode. Default: the global account of a server without an operator. */
  constructor(account?: KeyPair) {
    this.#issuer = account ?? nkeys.createAccount();
    this.#audience = account ? {} : { aud: "$G" };
  }

  /** For the `authorization` of a server without an operator. */
  get configuration(): string {
    return `users: [{ user: callout, password: callout }],
      auth_callout: { issuer: ${publicKey(this.#issuer)}, auth_users: [callout] }`;
  }

  /** Serves a server, whether it is there or not, until the end of the test. */
  serve(servers: string, options: Partial<NodeConnectionOptions> = {}): void {
    const connecting = connect({
      servers,
      user: "callout",
      pass: "callout",
      waitOnFirstConnect: true,
      maxReconnectAttempts: -1,
      ignoreAuthErrorAbort: true,
      reconnectTimeWait: 50,
      reconnectJitter: 0,
      ...options,
    });
    void connecting.then((client) => {
      client.subscribe("$SYS.REQ.USER.AUTH", {
        queue: "callout",
        callback: (_, message) => void this.#answer(message.string()).then((jwt) => message.respond(jwt)),
      });
    });
    onTestFinished(async () => (await connecting).close());
  }

  async #answer(request: string): Promise<string> {
    const { nats } = claimsOf(request) as unknown as { nats: AuthorizationRequest };
    const admitted = await this.admits(nats.connect_opts);
    const answer = admitted
      ? { jwt: userJwt(this.#issuer, nats.user_nkey, this.#audience) }
      : { error: "not admitted" };
    return signed(this.#issuer, {
      sub: nats.user_nkey,
      aud: nats.server_id.id,
      nats: { type: "authorization_response", ...answer },
    });
  }
}

interface AuthorizationRequest {
  readonly user_nkey: string;
  readonly server_id: { readonly id: string };
  readonly connect_opts: Shown;
}
