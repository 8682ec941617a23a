import type { BodyIn } from '../../api/route.ts';
import type { ROUTES } from '../../api/routes.ts';

export type Line = BodyIn<typeof ROUTES.writeLogs>[number];

/** The numbers of Python's log levels. */
export const LEVEL = { debug: 10, info: 20, warning: 30, error: 40 } as const;
