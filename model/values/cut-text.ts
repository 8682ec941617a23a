import { v5 } from 'uuid';

const NAMESPACE = '0d5c4f0e-7c1b-5a57-9c0a-3f2f1f6f5b18';

/**
 * A text of at most `most` UTF-16 units. A longer one loses its end, says so, and gets a mark that
 * follows from the whole text. So two long texts that begin alike are still two texts, and the same
 * text is cut in the same way each time: a filter that names the whole text finds it.
 */
export function cutText(text: string, most: number): string {
  const whole = text.toWellFormed();
  if (whole.length <= most) return whole;
  const mark = `… [cut, ${fingerprint(whole).replaceAll('-', '').slice(0, 16)}]`;
  return `${headOf(whole, most - mark.length)}${mark}`;
}

/** The first units of a text, without half a character at the end. */
export function headOf(text: string, units: number): string {
  const head = text.slice(0, units);
  return head.isWellFormed() ? head : head.slice(0, -1);
}

/** An id that stands for a text where there is no room for the text itself. */
export const fingerprint = (text: string): string => v5(text, NAMESPACE);
