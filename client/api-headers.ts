/**
 * The header that authenticates the caller, from `DIBS_API_KEY` or `PREFECT_API_KEY`, else from
 * `PREFECT_API_AUTH_STRING`. A server that requires no key ignores it. Throws if a key cannot be
 * valid.
 */
export function apiHeaders(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  for (const variable of ['DIBS_API_KEY', 'PREFECT_API_KEY']) {
    const key = env[variable]?.trim();
    if (key) return bearer(key, variable);
  }
  const { PREFECT_API_AUTH_STRING: text } = env;
  return text ? { authorization: `Basic ${Buffer.from(text).toString('base64')}` } : {};
}

/** Characters that a header cannot contain: fetch would fail as if the server had not responded. */
const UNFIT = /[^\x20-\x7e]/u;

const NOT_ASCII = 'a character that is not ASCII';

/**
 * The header for the key in this variable. White space around it is removed: a piped key ends in a
 * line end.
 */
export function bearer(text: string, variable: string): Record<string, string> {
  const key = text.trim();
  const unfit = UNFIT.exec(key);
  if (!unfit) return { authorization: `Bearer ${key}` };
  const [found] = unfit;
  const what = /[\r\n]/.test(found)
    ? 'a line break'
    : found < ' '
      ? 'a control character'
      : NOT_ASCII;
  throw new Error(
    `${variable} is no API key: expected letters, digits and the like on one line, found ${what} after ` +
      `${unfit.index} characters. Set it to the key alone, as \`dibs key create\` printed it.`,
  );
}
