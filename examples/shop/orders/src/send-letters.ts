import type { notifications } from "@shop/contracts";
import type { Client, LetterOptions } from "muove";
import type { Book, Letter } from "./book.js";

type Notifications = Client<(typeof notifications)["messages"]>;

/**
 * Sends a letter, and settles it in the book if it is kept. Its id is that of its order: what may be kept already is sent
 * again without harm, and the customer gets one letter.
 */
export async function sendLetter(
  letter: Letter,
  book: Book,
  to: Notifications,
  options?: LetterOptions,
): Promise<boolean> {
  const { about, order } = letter;
  const { status } = await to[about](order, { ...options, id: order.id });
  if (status === "stored") book.settle(letter);
  return status === "stored";
}

/**
 * Sends the letters that are owed, one after the other, until one is not known to be kept. So where nothing can be kept,
 * as on a NATS without JetStream, this costs a single letter, and the others stay in the book.
 */
export async function sendLetters(book: Book, to: Notifications): Promise<void> {
  for (const letter of book.owed) if (!(await sendLetter(letter, book, to))) return;
}
