/** A name cannot be part of a URL. Nothing was sent. */
export class UnfitNameError extends Error {
  override readonly name = 'UnfitNameError';
}

/**
 * API Gateway decodes a URL before it finds the route: it cuts the path at a `?`, takes a `/` for a
 * separator, and decodes again after a `%`. So `DELETE …/etl%3F/queues/x` would delete the pool
 * `etl`. Characters at which other parsers on the way cut, or which they drop, are refused as well.
 */
const UNFIT = /[/?%#\\\p{Cc}\p{Cs}]/u;

/** For each parameter: what it names, and what to use instead of it in a URL. */
const NAMES: Readonly<Record<string, readonly [what: string, instead: string]>> = {
  name: [
    "A work pool's name",
    'POST /api/work_pools/filter lists it; move to a pool with another name',
  ],
  queue: ["A work queue's name", byId('work_queues')],
  worker: ["A worker's name", 'POST /api/work_pools/{name}/workers/filter lists it'],
  flow: ["A flow's name", byId('flows')],
  deployment: ["A deployment's name", byId('deployments')],
  variable: ["A variable's name", byId('variables')],
  document: ["A block document's name", byId('block_documents')],
};

function byId(kind: string): string {
  return `use its id, which POST /api/${kind}/filter shows: /api/${kind}/{id}`;
}

/** The path with its `{parameters}` filled in. @throws UnfitNameError */
export function fillPath(path: string, parameters: Readonly<Record<string, unknown>>): string {
  return path.replace(/\{(\w+)\}/g, (_, parameter: string) => {
    const value = String(parameters[parameter]);
    assertFit(parameter, value);
    return encodeURIComponent(value);
  });
}

function assertFit(parameter: string, value: string): void {
  const fault = faultOf(value);
  if (fault === undefined) return;
  const [what, instead] = NAMES[parameter] ?? [`A path's "${parameter}"`, undefined];
  throw new UnfitNameError(
    `${what} that goes into an address may not ${fault}, as ${JSON.stringify(value)} does: ` +
      `the server would take it for another address.${instead ? ` Instead, ${instead}.` : ''}`,
  );
}

function faultOf(value: string): string | undefined {
  if (value === '') return 'be empty';
  if (value === '.' || value === '..') return 'be "." or ".."';
  const unfit = UNFIT.exec(value)?.[0];
  return unfit === undefined ? undefined : `contain ${JSON.stringify(unfit)}`;
}
