import { expect, test } from 'vitest';
import type { Route } from '../../api/route.ts';
import { ROUTES, type RouteName } from '../../api/routes.ts';
import type { Context } from '../../core/context.ts';
import { restrictToPools } from '../../lambdas/http/pool-bounds.ts';
import type { Call } from '../../lambdas/http/request.ts';
import type { Role } from '../../model/access.ts';

const ROUTES_BY_NAME = Object.entries(ROUTES) as [RouteName, Route][];
const READING = ['anyone', 'read'];

/** How a key for one pool is answered before anything is read: no store is there to ask. */
async function answerTo(name: RouteName, route: Route, role: Role): Promise<string> {
  const caller = { keyId: 'a', role, pools: ['mine'] };
  const call = { caller, path: { name: 'theirs', id: 'x' }, body: {} } as unknown as Call;
  try {
    await restrictToPools({} as Context, name, route, call);
    return 'in';
  } catch (error) {
    return (error as { code?: string }).code ?? 'asked the store';
  }
}

test('a key for one pool reads everything, whatever a route is about', async () => {
  const reads = ROUTES_BY_NAME.filter(([, { access }]) => READING.includes(access));
  expect(reads.length).toBeGreaterThan(60);
  for (const [name, route] of reads) expect(await answerTo(name, route, 'agent'), name).toBe('in');
});

test('it changes nothing by a route that is about records of any pool', async () => {
  const changes = ROUTES_BY_NAME.filter(
    ([, { access, about }]) => !READING.includes(access) && about === 'any pool',
  );
  expect(changes.map(([name]) => name)).toContain('createDeployment');
  for (const [name, route] of changes) {
    expect(await answerTo(name, route, 'admin'), name).toBe('pool_forbidden');
  }
});

test('a path that names a record is about that record, or has a check of its own', () => {
  const named =
    /^\/api\/(work_pools\/\{name\}|(work_queues|flow_runs|task_runs|artifacts|deployments)\/\{id\})/;
  const about = ROUTES_BY_NAME.filter(([, { path }]) => named.test(path));
  expect(about.length).toBeGreaterThan(50);
  expect(about.filter(([, route]) => ['any pool', 'no pool'].includes(route.about))).toEqual([]);
});
