import type { Dynamo } from './dynamo.ts';

type Verb = (db: Dynamo, ...args: never[]) => unknown;

type Bound<Verbs extends Record<string, Verb>> = {
  readonly [Name in keyof Verbs]: Verbs[Name] extends (
    db: Dynamo,
    ...args: infer Args
  ) => infer Result
    ? (...args: Args) => Result
    : never;
};

/** The verbs of a room as methods of the port: each of them on this table. */
export function bound<const Verbs extends Record<string, Verb>>(
  db: Dynamo,
  verbs: Verbs,
): Bound<Verbs> {
  const methods = Object.entries(verbs).map(([name, verb]) => [
    name,
    (...args: never[]) => verb(db, ...args),
  ]);
  return Object.fromEntries(methods) as Bound<Verbs>;
}
