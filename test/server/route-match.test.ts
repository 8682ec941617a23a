import { expect, it } from 'vitest';
import { routeMatcher, splitPath } from '../../api/route-match.ts';

const match = matcher(
  'GET /api/runs/{id}',
  'GET /api/runs/count',
  'GET /api/{kind}/count',
  'POST /api/runs/',
  'GET /api/{kind}/{id}',
  'POST /api/runs/{id}/start',
);

function matcher(...routeKeys: string[]) {
  const find = routeMatcher(routeKeys.map((routeKey) => ({ routeKey, value: routeKey })));
  return (method: string, path: string) => find(method, splitPath(path));
}

it.each([
  ['GET', '/api/runs/count', 'GET /api/runs/count', {}],
  ['GET', '/api/runs/7', 'GET /api/runs/{id}', { id: '7' }],
  ['GET', '/api/runs/7/', 'GET /api/runs/{id}', { id: '7' }],
  ['GET', '/api/flows/count', 'GET /api/{kind}/count', { kind: 'flows' }],
  ['GET', '/api/flows/7', 'GET /api/{kind}/{id}', { kind: 'flows', id: '7' }],
  ['POST', '/api/runs', 'POST /api/runs/', {}],
  ['POST', '/api/runs/', 'POST /api/runs/', {}],
  ['POST', '/api/runs/7/start', 'POST /api/runs/{id}/start', { id: '7' }],
])('%s %s is %s', (method, path, routeKey, pathParameters) => {
  expect(match(method, path)).toMatchObject({ routeKey, pathParameters });
});

it.each([
  ['PUT', '/api/runs/7'],
  ['GET', '/'],
  ['GET', '/api/runs'],
  ['POST', '/api/runs//start'],
  ['POST', '/api/runs/7/start/now'],
  ['GET', '/API/runs/7'],
])('%s %s is no route', (method, path) => {
  expect(match(method, path)).toBeUndefined();
});

it('does not depend on the order of the table', () => {
  const keys = ['GET /{a}/x', 'GET /b/{c}'];
  expect(matcher(...keys)('GET', '/b/x')?.routeKey).toBe('GET /b/{c}');
  expect(matcher(...keys.toReversed())('GET', '/b/x')?.routeKey).toBe('GET /b/{c}');
});

it('refuses two routes that nothing tells apart', () => {
  expect(() => matcher('GET /runs/{id}', 'GET /runs/{name}/')).toThrow('two routes for');
});
