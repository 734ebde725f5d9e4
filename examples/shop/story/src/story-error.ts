/** Something that the user can mend, said in a sentence; it needs no stack. */
export class StoryError extends Error {
  override readonly name = "StoryError";
}
