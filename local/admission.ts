import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { DibsError } from '../model/values/errors.ts';

/**
 * Refuses what a web page sends through the browser of somebody at this machine. The local stack
 * asks for no key at first, and agents execute what its runs say. So any page that could send a
 * request here could execute commands.
 *
 * - **Host** stops DNS rebinding: a page's own name that suddenly resolves to 127.0.0.1 arrives as
 *   that name. Addresses are safe, because nobody can make one resolve to another.
 * - **Origin** and **Sec-Fetch-Site** stop pages that send across origins. Browsers always send one
 *   of them, no page can change them, and no other client sends them.
 *
 * @param allowed names of hosts beside this machine's own; `.example.com` allows every name below
 * @throws DibsError host_refused, origin_refused
 */
export function assertAdmitted(
  method: string | undefined,
  headers: IncomingHttpHeaders,
  allowed: readonly string[],
): void {
  const host = hostOf(headers.host);
  if (!host || !(isOfThisMachine(host.name) || isAllowed(host.name, allowed))) {
    throw new DibsError('host_refused', `The host ${shown(headers.host)} is not allowed here.`, {
      hint: 'Use 127.0.0.1 or localhost, or allow the name: dibs dev --allow-host NAME.',
    });
  }
  const { origin } = headers;
  if (origin !== undefined) {
    if (originHost(origin) === host.whole) return;
    if (isAllowed(hostOf(originHost(origin))?.name ?? '', allowed)) return;
    throw pageRefused(`from ${shown(origin)}`);
  }
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  // Somebody followed a link. The page that has the link does not see the response.
  if (method === 'GET' && headers['sec-fetch-mode'] === 'navigate') return;
  throw pageRefused(`of another site (Sec-Fetch-Site: ${shown(site)})`);
}

const pageRefused = (from: string) =>
  new DibsError('origin_refused', `A web page ${from} may not send requests here.`, {
    hint:
      'Call the API from a program, or allow the host that the page comes from: ' +
      'dibs dev --allow-host NAME.',
  });

/** `name:port` in lower case, and the name alone, without a dot at its end. */
function hostOf(header: string | undefined): { whole: string; name: string } | undefined {
  const [whole, name] = /^(\[[\da-f:.]+\]|[^\s:/@?#[\]]+)(?::\d*)?$/i.exec(header ?? '') ?? [];
  if (whole === undefined || name === undefined) return undefined;
  const bare = name.replace(/^\[|\]$|\.$/g, '').toLowerCase();
  return { whole: whole.toLowerCase(), name: bare };
}

/** `http://localhost:4200` -> `localhost:4200`. An opaque origin is `null`, which is no host. */
const originHost = (origin: string): string | undefined =>
  /^https?:\/\/(.+)$/i.exec(origin)?.[1]?.toLowerCase();

/** Browsers resolve `localhost` and all names below it on this machine only. */
const isOfThisMachine = (name: string): boolean =>
  name === 'localhost' || name.endsWith('.localhost') || isIP(name) !== 0;

const isAllowed = (name: string, allowed: readonly string[]): boolean =>
  allowed.some((one) => (one.startsWith('.') ? name.endsWith(one) : name === one));

const shown = (header: string | string[] | undefined): string =>
  JSON.stringify(String(header ?? '').slice(0, 100));
