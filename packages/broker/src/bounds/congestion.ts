/** Something that is too far behind, and says when it no longer is. */
export interface Congestion {
  /** Calls back once, when it is relieved or will never be; until `notRelieved()` takes that back. */
  onceRelieved(callback: () => void): void;
  notRelieved(callback: () => void): void;
}
