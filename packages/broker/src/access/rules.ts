/** Which subjects are allowed and which are denied. What is in both is denied. */
export interface SubjectRules {
  /** Nothing else is allowed; left out, everything is. May not be empty: to allow nothing, deny `>`. */
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
}

/** How often, and how long, a client may reply to a message that it was sent, whatever its `publish` rules say. */
export interface ResponseRules {
  /** Replies to each message; negative for no bound. Default 1. */
  readonly max?: number;
  /** Milliseconds from the message on; negative for no bound. Default 120,000. */
  readonly expires?: number;
}

/** What a user may do. The names and rules are nats-server's. */
export interface PermissionRules {
  readonly publish?: SubjectRules;
  /** A subject followed by a space and a queue group (`"jobs.* workers"`) is about that queue group only. */
  readonly subscribe?: SubjectRules;
  /**
   * True for the defaults. Unless `publish` has a list of allowed subjects, nothing but replies may be published then.
   */
  readonly allowResponses?: boolean | ResponseRules;
}
