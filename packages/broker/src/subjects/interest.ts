/** Interest in a subject, with or without a queue group. */
export interface Interest {
  readonly subject: string;
  readonly queue?: string | undefined;
}

/** The matches of one subject. The arrays are shared and must not be modified. */
export interface Match<T extends Interest> {
  readonly plain: readonly T[];
  /** The members of each queue group. No group is empty. */
  readonly groups: readonly (readonly T[])[];
}
