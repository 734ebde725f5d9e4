/** Interest in a subject, as a member of a queue group or not. */
export interface Interest {
  readonly subject: string;
  readonly queue?: string | undefined;
}

/** What matches one subject. The arrays are shared and must not be changed. */
export interface Match<T extends Interest> {
  readonly plain: readonly T[];
  /** The members of each queue group; none is empty. */
  readonly groups: readonly (readonly T[])[];
}
