/** Allowed and denied subjects. A subject in both is denied. */
export interface SubjectRules {
  /** If given, only these are allowed. May not be empty: to allow nothing, deny `>`. */
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
}

/** How often, and how long, a client may reply to a message that it got, regardless of its `publish` rules. */
export interface ResponseRules {
  /** Replies to each message; negative for no bound. Default 1. */
  readonly max?: number;
  /** Milliseconds after the message; negative for no bound. Default 120,000. */
  readonly expires?: number;
}

/** What a user may do. The names and rules are nats-server's. */
export interface PermissionRules {
  readonly publish?: SubjectRules;
  /** A subject followed by a space and a queue group (`"jobs.* workers"`) applies to that queue group only. */
  readonly subscribe?: SubjectRules;
  /** True for the defaults. Then only replies may be published, unless `publish` has a list of allowed subjects. */
  readonly allowResponses?: boolean | ResponseRules;
}
