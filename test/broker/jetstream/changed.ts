// What later generations of nats-server do otherwise than 2.10, which the embedded broker is like. The test of the sessions
// checks both: on 2.10 that they are alike, on later ones that these still are not.

/** Sessions by their script. */
export const changed: Readonly<Record<string, readonly string[]>> = {
  // More is refused, or read otherwise; subjects of the API are checked before others.
  streams: [
    "subjects that overlap",
    "no JSON",
    "a subject twice",
    "names and lists",
    "updates that are refused",
    "purging",
  ],
  // An expected sequence comes before a duplicate.
  publishing: ["several expectations", "interest retention without consumers"],
  // The floor of acknowledgements begins where the consumer does; negative limits are none; names are always told.
  consumers: ["every setting", "each way to create", "where they start", "settings that do not fit"],
  // Who does not wait hears 404 at the end; what was delivered too often is not counted any more.
  delivering: [
    "less than asked for who does not wait",
    "who does not wait, but for a first message",
    "the next one with the acknowledgement",
    "not more often than it may be",
    "not more often than it may be, twice",
    "only what it filters",
    "the last of each subject first",
    "a work queue keeps what was delivered often enough",
    "a purge while some are pending",
    "a purge of a subject while some are pending",
    "a filter that changes",
  ],
};
