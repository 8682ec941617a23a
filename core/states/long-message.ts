import { headOf } from '../../model/values/cut-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';

/**
 * A failure says why it happened in a text of any size: a rendered SQL statement, say. Such a text is
 * stored whole beside its run. Lists and replies show its beginning and say where the rest is, so
 * that no reply grows with it.
 */
export function shownMessage(head: string, bytes: number, where: string): string {
  if (head.length <= NUMBERS.messageShown) return head;
  return `${headOf(head, NUMBERS.messageShown)}\n… [cut: the whole message has ${bytes} bytes. ${where}]`;
}

/** The whole message, or as much of it as fits into `bytes` of JSON. */
export function wholeMessage(whole: string, bytes: number): string {
  let shown = whole;
  for (let size = jsonBytes(shown); size > bytes; size = jsonBytes(shown)) {
    shown = headOf(shown, Math.floor((shown.length * bytes) / size) - 1);
  }
  if (shown === whole) return whole;
  return `${shown}\n… [cut: more than this does not fit into one response.]`;
}

const jsonBytes = (text: string): number => new TextEncoder().encode(JSON.stringify(text)).length;

/** A state's name that is too long is kept whole in the message. */
export const messageWithName = (name: string, message: string | undefined): string =>
  `${message === undefined ? '' : `${message}\n`}[The name of this state was cut. It is: ${name}]`;
