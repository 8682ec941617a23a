import { isObject } from './json.ts';

/** Longest text of a value within a message. Prefect prints values in full, whatever their size. */
const SHOWN = 500;

/** A JSON value as Python prints it, so that messages can be searched for. */
export function pythonText(value: unknown): string {
  let left = SHOWN;
  const put = (text: string): string => {
    left -= text.length;
    return text;
  };
  const show = (one: unknown): string => {
    if (left <= 0) return '';
    if (typeof one === 'string') return put(quoted(one.slice(0, left + 1)));
    if (Array.isArray(one)) return `${put('[')}${several(one, show)}${put(']')}`;
    if (isObject(one)) {
      const member = ([key, inside]: [string, unknown]) =>
        `${put(quoted(key))}${put(': ')}${show(inside)}`;
      return `${put('{')}${several(Object.entries(one), member)}${put('}')}`;
    }
    return put(one === null ? 'None' : one === true ? 'True' : one === false ? 'False' : `${one}`);
  };
  const several = <One>(all: readonly One[], text: (one: One) => string): string => {
    const shown: string[] = [];
    for (const one of all) {
      if (left <= 0) break;
      shown.push(text(one));
      left -= 2;
    }
    return shown.join(', ');
  };
  const text = show(value);
  return left > 0 ? text : `${text.slice(0, SHOWN)}...`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function quoted(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inside = text.replaceAll(/[\\'"\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, (one) => {
    if (one === '\\' || one === mark) return `\\${one}`;
    if (one === "'" || one === '"') return one;
    const code = one.codePointAt(0) ?? 0;
    const [letter, digits] = code < 256 ? ['x', 2] : code < 65_536 ? ['u', 4] : ['U', 8];
    return ESCAPES[one] ?? `\\${letter}${code.toString(16).padStart(Number(digits), '0')}`;
  });
  return `${mark}${inside}${mark}`;
}
