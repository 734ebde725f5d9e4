/** How long a text for people may be that somebody else wrote, in characters. */
export const longestText = 256;
/** The same for what names something: a key, a code, an id. */
export const longestName = 64;

/** What most texts are. */
const harmless = /^[\x20-\x7e]*$/;
/** What terminals take for commands: colours, the cursor, titles, links. */
const escapeSequence = new RegExp(
  `${String.fromCharCode(27)}(?:\\[[0-?]*[ -/]*[@-~]?|[\\]PX^_][^\\p{Cc}]*|[ -/]*[0-~])`,
  "gu",
);
/** Controls, line ends, lone surrogates, and what is not seen but changes what is: the order of letters, their gaps, tags. */
const unseen =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u{61c}\u{200b}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2060}-\u{206f}\u{feff}\u{fff9}-\u{fffb}\u{e0000}-\u{e007f}]+/gu;

/**
 * A text that somebody else wrote, in a form that can be logged and shown: on one line, of at most so many characters, without
 * anything that a terminal, a log or a page would obey instead of showing it.
 */
export function plainText(text: string, longest = longestText): string {
  if (text.length <= longest && harmless.test(text)) return text;
  // What is removed may be long, but nobody reads all of what is endless to see what remains of it.
  const seen = text
    .slice(0, 4 * longest)
    .replace(escapeSequence, "")
    .replace(unseen, " ");
  if (seen.length <= longest && text.length <= 4 * longest) return seen;
  return `${seen.slice(0, longest - 1).replace(/\p{Cs}/u, "")}…`;
}
