import type { Changed } from '../../model/pools.ts';
import type { transact } from './transact.ts';

/** The expressions of an UpdateItem that sets these fields, with the values of its condition. */
export function setting(
  fields: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, unknown>> = {},
) {
  const names = Object.keys(fields).filter((name) => fields[name] !== undefined);
  return {
    UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(names.map((name) => [`:${name}`, fields[name]])),
      ...values,
    },
  };
}

/** In each such transaction the record comes first and its limit last. */
export const changed = (done: Awaited<ReturnType<typeof transact>>): Changed => {
  if (done.won) return 'updated';
  return done.at === 0 ? 'missing' : 'outrun';
};
