import type { Matches } from './criteria.ts';

/**
 * Prefect's search in log lines. At least one of the plain words must occur; `+word` must occur,
 * `-word` or `!word` must not; `"several words"` count as one word. Parts of words match; case is
 * ignored.
 */
export function textQuery(query: string): Matches<string> {
  const terms = [...query.matchAll(TERM)].flatMap(([, sign = '', phrase, word]) => {
    const text = (phrase === undefined ? word : phrase.replace(/\\(["\\])/g, '$1')) ?? '';
    return text.trim() === '' ? [] : [{ sign, text: text.toLowerCase() }];
  });
  const such = (signs: string) => terms.filter(({ sign }) => signs.split(' ').includes(sign));
  const [wanted, required, unwanted] = [such(''), such('+'), such('- !')];
  return (text) => {
    const lower = text.toLowerCase();
    const isIn = (term: { text: string }) => lower.includes(term.text);
    if (wanted.length > 0 && !wanted.some(isIn)) return false;
    return required.every(isIn) && !unwanted.some(isIn);
  };
}

/** A sign counts only if a word follows it directly. An unclosed quote extends to the end. */
const TERM = /(?:([-!+])(?=\S))?(?:"((?:\\.|[^"\\])*)(?:"|$)|([^\s"]+))/gs;
