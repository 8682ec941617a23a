import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { type Scope, scopeKey } from '../../../model/limits.ts';
import type { Run } from '../../../model/runs/run.ts';
import { dynamo } from '../../../store/dynamo/dynamo.ts';
import { fromRunItem } from '../../../store/runs/run-item.ts';
import { idText } from '../../../store/table/binary.ts';
import type { Item } from '../../../store/table/item.ts';
import type { FreshTable } from '../../support/dynamodb.ts';

/** A slot, wherever it is stored. */
export interface FoundSlot {
  readonly scope: string;
  readonly k: number;
  readonly runId: string;
  readonly attempt: number;
  readonly sessionId: string;
}

export interface FoundLimit {
  readonly scope: Scope;
  readonly limit: number | null;
  readonly settlesAt: number | null;
}

export interface Found {
  readonly runs: ReadonlyArray<{ readonly run: Run; readonly item: Item }>;
  readonly slots: readonly FoundSlot[];
  readonly limits: readonly FoundLimit[];
  /** The pool of each queue, by the queue's id. */
  readonly poolOf: ReadonlyMap<string, string>;
}

/**
 * Reads all items of the table that say who holds what, without any index and without the product's
 * rules.
 */
export async function scanTable({ client, tableName }: FreshTable): Promise<Found> {
  const db = dynamo(client, tableName, Math.random).client;
  const items: Item[] = [];
  let from: Item | undefined;
  do {
    const page = await db.send(
      new ScanCommand({ TableName: tableName, ConsistentRead: true, ExclusiveStartKey: from }),
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from);
  return foundIn(items);
}

/** The same for the given items. */
function foundIn(items: readonly Item[]): Found {
  const under = (prefix: string) => items.filter(({ pk }) => String(pk).startsWith(prefix));
  const limited = under('LIMIT#');
  return {
    runs: under('RUN#')
      .filter(({ sk }) => sk === '#')
      .map((item) => ({ item, run: fromRunItem(item) })),
    slots: limited.filter(({ sk }) => sk !== '#').map(toSlot),
    limits: limited.filter(({ sk }) => sk === '#').map(toLimit),
    poolOf: new Map(
      under('QUEUE#').map(({ pk, poolId }) => [String(pk).slice('QUEUE#'.length), String(poolId)]),
    ),
  };
}

const scopeOf = ({ pk }: Item): string => String(pk).slice('LIMIT#'.length);

const toSlot = (item: Item): FoundSlot => ({
  scope: scopeOf(item),
  k: Number(String(item['sk']).slice('SLOT#'.length)),
  runId: idText(item['runId'] as Uint8Array),
  attempt: item['attempt'] as number,
  sessionId: idText(item['sessionId'] as Uint8Array),
});

function toLimit(item: Item): FoundLimit {
  const [kind, id] = scopeOf(item).split('#');
  const { limit, settlesAt } = item as unknown as FoundLimit;
  return { scope: { kind: kind as Scope['kind'], id: id ?? '' }, limit, settlesAt };
}

/** The limits that apply to a run. */
export function limitsOf({ limits, poolOf }: Found, run: Run): FoundLimit[] {
  const { queueId, deploymentId } = run;
  const ids = {
    pool: queueId === undefined ? undefined : poolOf.get(queueId),
    queue: queueId,
    deployment: deploymentId,
  };
  return limits.filter(({ scope, limit }) => limit !== null && ids[scope.kind] === scope.id);
}

export const scopeText = ({ scope }: { scope: Scope }): string => scopeKey(scope);
