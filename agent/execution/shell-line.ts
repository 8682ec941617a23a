import { asText, PLACEHOLDER, type Values } from './fill-template.ts';

/**
 * A template's command with its placeholders filled, as a line for the shell. No value is ever part
 * of the line that the shell reads as code: the values are set as `$1`, `$2` and so on, each between
 * single quotes, and the line only refers to them. So a value stays one word, whatever is in it,
 * also where the template has quotes around the placeholder. A missing value becomes nothing.
 *
 * `refused` is the name of a placeholder in code for another interpreter (`sh -c "… {{ name }} …"`),
 * where no quotes of ours would hold, with a value that could be more than a word there.
 */
export function shellLine(
  template: string,
  values: Values,
): { readonly line: string } | { readonly refused: string } {
  const used: string[] = [];
  let line = '';
  let read = 0;
  for (const { 0: placeholder, 1: name = '', index } of template.matchAll(PLACEHOLDER)) {
    line += template.slice(read, index);
    read = index + placeholder.length;
    const value = asText(values[name]);
    if (value === undefined) continue;
    const before = template.slice(0, index);
    if (isCode(before) && !IS_HARMLESS.test(value)) return { refused: name };
    used.push(value);
    line += reference(used.length, quoteAt(before));
  }
  line += template.slice(read);
  return { line: used.length === 0 ? line : `set -- ${used.map(quoted).join(' ')}\n${line}` };
}

const quoted = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;

type Quote = '"' | "'" | '';

function reference(position: number, inside: Quote): string {
  const value = `\${${position}}`;
  if (inside === '"') return value;
  return inside === "'" ? `'"${value}"'` : `"${value}"`;
}

/** One step of the shell through a line: outside of quotes, and inside of double quotes. */
const STEP = { '': /\\.|'[^']*'|./sy, '"': /\\.|\$\(|./sy };

/** Inside which quotes of the shell a text ends. `$(` within quotes begins anew. */
function quoteAt(text: string): Quote {
  const outer: Array<'' | '"'> = [];
  let quote: '' | '"' = '';
  for (let i = 0; i < text.length; ) {
    STEP[quote].lastIndex = i;
    const token = STEP[quote].exec(text)?.[0] ?? '';
    i += token.length;
    if (token === "'" && quote === '') return "'";
    if (token === '"') quote = quote === '"' ? '' : '"';
    else if (token === '$(' || (token === '(' && quote === '')) {
      outer.push(quote);
      quote = '';
    } else if (token === ')' && quote === '') quote = outer.pop() ?? '';
  }
  return quote;
}

/** Words that mean nothing more to any interpreter. */
const IS_HARMLESS = /^[\w@%+=:,./ -]*$/;

/** `bash -lc "cd app && ` and the like: a quoted word after the option that takes code. */
const CODE_OPTION =
  /(?:^|[\s;|&(/])(?:(?:ba|da|z|k|fi)?sh|python[\d.]*|node|perl|ruby|php|su)\s(?:[^;|&\n]*\s)?--?\w*(?:[cer]|eval|command)\s+(?:'[^']*|"(?:[^"\\]|\\.)*)$/s;
/** What joins its arguments and has a shell read them again. */
const READS_AGAIN = /(?:^|[\s;|&(/])(?:eval|ssh)\s[^;|&\n]*$/;

const isCode = (before: string): boolean => CODE_OPTION.test(before) || READS_AGAIN.test(before);
