/** That a name cannot stand in an address: nothing was sent. */
export class UnfitNameError extends Error {
  override readonly name = 'UnfitNameError';
}

/**
 * API Gateway decodes an address before it finds the route: it cuts it at a `?`, takes a `/` for one
 * between segments, and decodes again after a `%`, so `DELETE …/etl%3F/queues/x` would delete the pool
 * `etl`. What other parsers on the way cut at, or leave out, is refused along with it.
 */
const UNFIT = /[/?%#\\\p{Cc}\p{Cs}]/u;

/** Whose name a parameter is, and what there is without it in an address. */
const NAMES: Readonly<Record<string, readonly [what: string, instead: string]>> = {
  name: [
    "A work pool's name",
    'POST /api/work_pools/filter lists it; move to a pool of another name',
  ],
  queue: ["A work queue's name", byId('work_queues')],
  worker: ["A worker's name", 'POST /api/work_pools/{name}/workers/filter lists it'],
  flow: ["A flow's name", byId('flows')],
  deployment: ["A deployment's name", byId('deployments')],
  variable: ["A variable's name", byId('variables')],
  document: ["A block document's name", byId('block_documents')],
};

function byId(kind: string): string {
  return `go by its id, which POST /api/${kind}/filter tells: /api/${kind}/{id}`;
}

/** The path with its `{parameters}` filled in. Throws UnfitNameError. */
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
