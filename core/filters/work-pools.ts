import type { QueuePlace, WorkPool } from '../../model/pools.ts';
import { combine, type Matches, type Operator, of } from '../criteria/criteria.ts';
import { type AmongIds, type AmongNames, amongIds, amongNames } from '../criteria/text.ts';

export interface WorkPoolFilter {
  readonly operator?: Operator | null | undefined;
  readonly id?: Pick<AmongIds, 'any_'> | null | undefined;
  readonly name?: Pick<AmongNames, 'any_'> | null | undefined;
  readonly type?: Pick<AmongNames, 'any_'> | null | undefined;
}

export interface WorkQueueFilter {
  readonly operator?: Operator | null | undefined;
  readonly id?: Pick<AmongIds, 'any_'> | null | undefined;
  readonly name?: QueueNames | null | undefined;
}

interface QueueNames extends Pick<AmongNames, 'any_'> {
  readonly startswith_?: readonly string[] | null | undefined;
}

type PoolFacts = Pick<WorkPool, 'id' | 'name' | 'type'>;
type QueueFacts = Pick<QueuePlace, 'queueId' | 'queueName'>;

export const matchesWorkPool = (filter: WorkPoolFilter | null | undefined): Matches<PoolFacts> =>
  combine<PoolFacts>(filter?.operator, [
    of(filter?.id, amongIds, ({ id }) => id),
    of(filter?.name, amongNames, ({ name }) => name),
    of(filter?.type, amongNames, ({ type }) => type),
  ]);

export const matchesWorkQueue = (filter: WorkQueueFilter | null | undefined): Matches<QueueFacts> =>
  combine<QueueFacts>(filter?.operator, [
    of(filter?.id, amongIds, ({ queueId }) => queueId),
    of(filter?.name, named, ({ queueName }) => queueName),
  ]);

const named = ({ any_, startswith_ }: QueueNames): Matches<string> =>
  combine<string>('and_', [
    amongNames({ any_ }),
    startswith_ ? beginsWith(startswith_) : undefined,
  ]);

/** Case is ignored, as in Prefect. */
function beginsWith(starts: readonly string[]): Matches<string> {
  const wanted = starts.map((start) => start.toLowerCase());
  return (name) => wanted.some((start) => name.toLowerCase().startsWith(start));
}
