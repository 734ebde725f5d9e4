/** The options of CONNECT that this broker uses. */
export interface ClientOptions {
  /** Whether the client gets its own messages. */
  readonly echo: boolean;
  /** Whether each operation is answered with +OK. */
  readonly verbose: boolean;
  /** Whether the subjects of its messages are checked. */
  readonly pedantic: boolean;
  /** 1 or more if it accepts an INFO at any time. */
  readonly protocol: number;
  readonly headers: boolean;
  readonly no_responders: boolean;
  readonly user: string;
  readonly pass: string;
  readonly auth_token: string;
  readonly name: string;
  readonly lang: string;
  readonly version: string;
  /** Historic options, which are refused. */
  readonly account: string;
  readonly new_account: boolean;
}

/** The options before the first CONNECT. As in nats-server, verbose and pedantic. */
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
