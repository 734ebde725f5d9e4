/** A request to the API. Names are text, as in JSON. */
export interface ApiRequest {
  readonly stream: string;
  readonly consumer: string;
  /** The rest of the request's subject, as a key. */
  readonly rest: string;
  readonly body: Buffer;
  readonly serverId: string;
}
