/** Something that is too far behind, and reports when it has caught up. */
export interface Congestion {
  /** Calls back once, when it has caught up or never will. `notRelieved()` cancels the callback. */
  onceRelieved(callback: () => void): void;
  notRelieved(callback: () => void): void;
}
