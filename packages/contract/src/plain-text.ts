/** The longest foreign text that is shown to people, in characters. */
export const maxTextLength = 256;
/** The longest foreign name that is shown: a key, a code, an id. */
export const maxNameLength = 64;

/** Most texts need no cleaning. */
const harmless = /^[\x20-\x7e]*$/;
/** Terminal commands: colours, the cursor, titles, links. */
const escapeSequence = new RegExp(
  `${String.fromCharCode(27)}(?:\\[[0-?]*[ -/]*[@-~]?|[\\]PX^_][^\\p{Cc}]*|[ -/]*[0-~])`,
  "gu",
);
/** Controls, line ends, lone surrogates, and invisible characters that change how text is shown. */
const invisible =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u{61c}\u{200b}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2060}-\u{206f}\u{feff}\u{fff9}-\u{fffb}\u{e0000}-\u{e007f}]+/gu;

/**
 * Cleans a foreign text so that it is safe to log and show: one line of at most `maxLength` characters, without
 * anything that a terminal, a log or a page would interpret.
 */
export function plainText(text: string, maxLength = maxTextLength): string {
  if (text.length <= maxLength && harmless.test(text)) return text;
  // Cleaning may shorten the text, but the work is bounded however long it is.
  const visible = text
    .slice(0, 4 * maxLength)
    .replace(escapeSequence, "")
    .replace(invisible, " ");
  if (visible.length <= maxLength && text.length <= 4 * maxLength) return visible;
  return `${visible.slice(0, maxLength - 1).replace(/\p{Cs}/u, "")}…`;
}
