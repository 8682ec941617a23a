import type { Store } from '../../model/store.ts';
import { DibsError } from '../../model/values/errors.ts';

/** DynamoDB is overloaded or did not respond. The SDK has retried already. */
const PASSING = new Set([
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'LimitExceededException',
  'InternalServerError',
  // What DynamoDB Local answers when its disk is full, among other things.
  'InternalFailure',
  'ServiceUnavailable',
  'TransactionConflictException',
  'TransactionInProgressException',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
  'TimeoutError',
  'RequestTimeout',
  'AbortError',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
]);

/** The same store, but a passing failure of the database is thrown as DibsError `unavailable`. */
export function withClearFailures(store: Store): Store {
  const verbs = Object.entries(store).map(([verb, call]) => [
    verb,
    async (...args: unknown[]) => {
      try {
        return await (call as (...args: unknown[]) => Promise<unknown>)(...args);
      } catch (error) {
        throw isPassing(error) ? unavailable(verb, error) : error;
      }
    },
  ]);
  return Object.fromEntries(verbs) as unknown as Store;
}

interface Failure {
  readonly name?: string;
  readonly code?: string;
  /** Of a cancelled transaction: one reason per item. */
  readonly CancellationReasons?: ReadonlyArray<{ readonly Code?: string }>;
}

function isPassing(error: unknown): boolean {
  const { name, code, CancellationReasons: reasons = [] } = error as Failure;
  const because = reasons.map(({ Code }) => Code ?? '');
  return [name, code, ...because].some((reason) => PASSING.has(reason ?? ''));
}

const unavailable = (verb: string, cause: unknown) =>
  new DibsError('unavailable', `The database did not answer in time (${verb}).`, {
    cause,
    hint: 'Retry. The request may or may not have taken effect.',
  });
