/** Something that the user can fix, in a sentence; it needs no stack. */
export class StoryError extends Error {
  override readonly name = "StoryError";
}
