/** A route by the key that API Gateway gives it: `POST /api/work_pools/{name}/claim`. */
interface Route<T> {
  readonly routeKey: string;
  readonly value: T;
  readonly segments: readonly string[];
}

export interface RouteMatch<T> {
  readonly routeKey: string;
  readonly value: T;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/**
 * Finds routes as API Gateway does: a literal segment has precedence over a `{parameter}`, the
 * first segment in which two routes differ decides, and a parameter is never empty. A trailing
 * slash makes no difference. It takes the segments of a path that is already percent-decoded: an
 * encoded slash splits the path like any other, so no name may contain one.
 */
export function routeMatcher<T>(
  routes: ReadonlyArray<{ readonly routeKey: string; readonly value: T }>,
): (method: string, segments: readonly string[]) => RouteMatch<T> | undefined {
  const byShape = new Map<string, Route<T>[]>();
  for (const { routeKey, value } of routes) {
    const [method = '', path = ''] = routeKey.split(' ');
    const segments = splitPath(path);
    const shape = `${method} ${segments.length}`;
    const alike = byShape.get(shape) ?? [];
    if (alike.some((other) => precedence(other) === precedence({ segments }))) {
      throw new Error(`two routes for ${routeKey}`);
    }
    alike.push({ routeKey, value, segments });
    byShape.set(shape, alike);
  }
  for (const alike of byShape.values()) {
    alike.sort((a, b) => (precedence(a) < precedence(b) ? -1 : 1));
  }
  return (method, segments) => {
    for (const route of byShape.get(`${method} ${segments.length}`) ?? []) {
      const pathParameters = matchSegments(route.segments, segments);
      if (pathParameters) return { routeKey: route.routeKey, value: route.value, pathParameters };
    }
    return undefined;
  };
}

/** The segments of a path: the same for `/a/b` and `/a/b/`. */
export function splitPath(path: string): string[] {
  const end = path.length > 1 && path.endsWith('/') ? -1 : undefined;
  return path.slice(1, end).split('/');
}

function matchSegments(
  route: readonly string[],
  path: readonly string[],
): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [i, wanted] of route.entries()) {
    const given = path[i];
    if (isParameter(wanted)) {
      if (!given) return undefined;
      parameters[wanted.slice(1, -1)] = given;
    } else if (wanted !== given) {
      return undefined;
    }
  }
  return parameters;
}

/**
 * Sorts literals before parameters, segment by segment. Equal for routes that match the same paths.
 */
function precedence({ segments }: Pick<Route<unknown>, 'segments'>): string {
  return segments.map((segment) => (isParameter(segment) ? '\uffff' : segment)).join('\0');
}

function isParameter(segment: string): boolean {
  return segment.startsWith('{') && segment.endsWith('}');
}
