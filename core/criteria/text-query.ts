import type { Matches } from './criteria.ts';

/**
 * Prefect's search in log lines: words, of which one must be in it; `+word` must be, `-word` or
 * `!word` must not; `"several words"` count as one. Parts of words will do, in any case.
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

/** A sign that nothing follows at once is none. An open quote goes on to the end. */
const TERM = /(?:([-!+])(?=\S))?(?:"((?:\\.|[^"\\])*)(?:"|$)|([^\s"]+))/gs;
