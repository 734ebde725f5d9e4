/** What a client says about itself in CONNECT, as far as this broker heeds it. */
export interface ClientOptions {
  /** Whether its own messages come back to it. */
  readonly echo: boolean;
  /** Whether each operation is answered with +OK. */
  readonly verbose: boolean;
  /** Whether the subjects of its messages are checked. */
  readonly pedantic: boolean;
  /** 1 or more where it takes an INFO at any time. */
  readonly protocol: number;
  readonly headers: boolean;
  readonly no_responders: boolean;
  readonly user: string;
  readonly pass: string;
  readonly auth_token: string;
  readonly name: string;
  readonly lang: string;
  readonly version: string;
  /** Historic; asking for either is refused. */
  readonly account: string;
  readonly new_account: boolean;
}

/** What holds before the first CONNECT. Like nats-server's, it is verbose and pedantic. */
export const initialOptions: ClientOptions = {
  echo: true,
  verbose: true,
  pedantic: true,
  protocol: 0,
  headers: false,
  no_responders: false,
  user: "",
  pass: "",
  auth_token: "",
  name: "",
  lang: "",
  version: "",
  account: "",
  new_account: false,
};
