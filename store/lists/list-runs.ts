import type { ArtifactWindow } from '../../model/artifacts.ts';
import type { ListedRun, RunWindow } from '../../model/runs/run-store.ts';
import { dayOf } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import { queryAll, queryPrefix } from '../dynamo/read.ts';
import { failedPartition } from '../table/dispatch-keys.ts';
import { CHILD_RUNS, taskRunKey } from '../table/keys.ts';
import {
  artifactsPartition,
  deploymentPartition,
  type Listed,
  listedAtOf,
  timelinePartition,
} from '../table/listing-keys.ts';
import { idOf, listingShards, startOf } from '../table/timed-keys.ts';
import type { Days } from './days.ts';

interface Listing {
  readonly index: 'timeline' | 'deployment';
  readonly name: 'gsi2pk' | 'gsi3pk';
  readonly partitions: readonly string[];
}

type Entries = { entries: ListedRun[]; next?: string };

/** About half a read unit per 30 keys, and per partition that is read. */
export function listRuns(db: Dynamo, days: Days, window: RunWindow): Promise<Entries> {
  const { deploymentIds } = window;
  if (!deploymentIds) return listTimeline(db, days, 'runs', window);
  const partitions = [...new Set(deploymentIds)].map(deploymentPartition);
  return list(db, [{ index: 'deployment', name: 'gsi3pk', partitions }], window);
}

export function listArtifacts(
  db: Dynamo,
  days: Days,
  { flowRunIds, ...window }: ArtifactWindow,
): Promise<Entries> {
  if (!flowRunIds) return listTimeline(db, days, 'artifacts', window);
  const partitions = [...new Set(flowRunIds)].map(artifactsPartition);
  return list(db, [{ index: 'deployment', name: 'gsi3pk', partitions }], window);
}

/** Day by day, latest first. Each step reads twice as many days as the one before. */
export async function listTimeline(
  db: Dynamo,
  days: Days,
  of: Listed,
  window: Omit<RunWindow, 'deploymentIds'>,
): Promise<Entries> {
  const last = window.after === undefined ? undefined : dayOf(listedAtOf(window.after));
  const first = dayOf(window.from ?? 0);
  const left = (await days.list())
    .filter((day) => day >= first && (last === undefined || day <= last))
    .sort()
    .reverse();
  const steps: Listing[] = [];
  for (let some = DAYS_AT_ONCE; left.length > 0; some *= 2) {
    const partitions = left
      .splice(0, some)
      .flatMap((day) => listingShards().map((shard) => timelinePartition(of, day, shard)));
    steps.push({ index: 'timeline', name: 'gsi2pk', partitions });
  }
  return list(db, steps, window);
}

const DAYS_AT_ONCE = 7;

/**
 * Reads one step after the other until there are enough keys. Each step is earlier than the last.
 */
async function list(
  db: Dynamo,
  steps: readonly Listing[],
  { after, from = 0, limit }: Omit<RunWindow, 'deploymentIds'>,
): Promise<Entries> {
  const keys: string[] = [];
  for (const { index, name, partitions } of steps) {
    if (keys.length > limit) break;
    const pages = partitions.map((partition) =>
      queryAll(
        db,
        {
          IndexName: index,
          KeyConditionExpression: `${name} = :partition AND gsi2sk BETWEEN :from AND :after`,
          ExpressionAttributeValues: {
            ':partition': partition,
            ':from': startOf(from),
            ':after': after ?? LAST,
          },
          ScanIndexForward: false,
          // One more than asked for shows that there is more; another one is `after` itself.
          Limit: limit + 2,
          ProjectionExpression: 'gsi2sk',
        },
        limit + 2,
      ),
    );
    const found = (await Promise.all(pages)).flat().map((item) => item['gsi2sk'] as string);
    keys.push(
      ...found
        .filter((key) => key !== after)
        .sort()
        .reverse(),
    );
  }
  const entries = keys.slice(0, limit).map((key) => ({ runId: idOf(key), at: listedAtOf(key) }));
  const next = keys.length > limit ? keys[limit - 1] : undefined;
  return next === undefined ? { entries } : { entries, next };
}

/** Sorts after every key of a listing. */
const LAST = '~';

export async function listFailed(db: Dynamo, days: readonly string[]): Promise<string[]> {
  const partitions = days.flatMap((day) =>
    listingShards().map((shard) => failedPartition(day, shard)),
  );
  const pages = partitions.map((partition) =>
    queryAll(
      db,
      {
        IndexName: 'dispatch',
        KeyConditionExpression: 'gsi1pk = :partition',
        ExpressionAttributeValues: { ':partition': partition },
        ProjectionExpression: 'gsi1sk',
      },
      NUMBERS.filterReads + 1,
    ),
  );
  return (await Promise.all(pages)).flat().map((item) => idOf(item['gsi1sk'] as string));
}

export async function listChildRuns(db: Dynamo, taskRunIds: readonly string[]): Promise<string[]> {
  const pages = taskRunIds.map((id) => queryPrefix(db, taskRunKey(id).pk, CHILD_RUNS));
  return (await Promise.all(pages)).flat().map((item) => idOf(item['sk'] as string));
}
