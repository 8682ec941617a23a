/**
 * What proves who asks: `DIBS_API_KEY` or `PREFECT_API_KEY`, else `PREFECT_API_AUTH_STRING`. A server
 * that asks for no key passes over it.
 */
export function apiHeaders(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  // What was piped into a secret ends in a line's end, which no header may have.
  const key = (env['DIBS_API_KEY'] || env['PREFECT_API_KEY'])?.trim();
  if (key) return { authorization: `Bearer ${key}` };
  const { PREFECT_API_AUTH_STRING: text } = env;
  return text ? { authorization: `Basic ${Buffer.from(text).toString('base64')}` } : {};
}
