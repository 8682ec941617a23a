import { type LateTerms, listedAt, type NewRun, type Run } from '../../model/runs/run.ts';
import type { StateType } from '../../model/runs/state.ts';
import { expiresAt, placeOf } from '../../model/runs/transition.ts';
import { JsonText } from '../../model/values/json-text.ts';
import { fromHeldSlot } from '../limits/slot-entry.ts';
import { idBytes, idText, secretBytes, secretText, ttl } from '../table/binary.ts';
import { dispatchKey } from '../table/dispatch-keys.ts';
import type { Item } from '../table/item.ts';
import { runKey } from '../table/keys.ts';
import { listedAtOf, runListingKeys } from '../table/listing-keys.ts';
import { idOf } from '../table/timed-keys.ts';
import {
  fromClaimant,
  fromPayload,
  fromStateEntry,
  type StateEntry,
  toPayload,
  toStateEntry,
} from './state-entry.ts';

/** A new run's item. An absent attribute means none, false, zero or {}. */
export function toRunItem(run: NewRun): Item {
  const { state } = run;
  const place = placeOf(state.type, state.scheduledAt ?? state.at, run, run.claim?.sessionId);
  const expires = expiresAt(state.type, state.at);
  const at = listedAt(run);
  return {
    ...runKey(run.id),
    ...dispatchKey(run.id, place),
    ...runListingKeys(run.id, at, run.deploymentId),
    flowId: idBytes(run.flowId),
    ...(run.deploymentId ? { deploymentId: idBytes(run.deploymentId) } : {}),
    ...(run.queueId ? { queueId: idBytes(run.queueId) } : {}),
    ...(run.parentTaskRunId ? { parentTaskRunId: idBytes(run.parentTaskRunId) } : {}),
    ...(run.infrastructureDocumentId
      ? { infrastructureDocumentId: idBytes(run.infrastructureDocumentId) }
      : {}),
    ...pickDefined(run, AS_THEY_ARE),
    ...(run.tags.length ? { tags: run.tags } : {}),
    ...(run.labels ? { labels: run.labels.text } : {}),
    ...('text' in run.parameters && run.parameters.text === '{}'
      ? {}
      : { parameters: toPayload(run.parameters) }),
    ...(run.jobVariables ? { jobVariables: toPayload(run.jobVariables) } : {}),
    ...(run.context ? { context: toPayload(run.context) } : {}),
    ...(run.createdAt === at ? {} : { createdAt: run.createdAt }),
    ...(run.expectedAt === at ? {} : { expectedAt: run.expectedAt }),
    ...(expires === undefined ? {} : { expiresAt: ttl(expires) }),
    ...(run.late ? { skipFrom: run.late.skipFrom } : {}),
    ...(run.late?.unlessMissing ? { unlessMissing: idBytes(run.late.unlessMissing) } : {}),
    ...(run.inLane ? { inLane: true } : {}),
    attempt: run.attempt,
    ...(run.runCount ? { runCount: run.runCount } : {}),
    ...(run.claim
      ? {
          claimedBy: idBytes(run.claim.sessionId),
          claimSecret: secretBytes(run.claim.secret),
          claimId: idBytes(run.claim.claimId),
        }
      : {}),
    stateType: state.type,
    stateId: idBytes(state.id),
    stateIds: [idBytes(state.id)],
    states: [toStateEntry(state)],
  };
}

/** Fields that are stored unchanged, under their own names. */
const AS_THEY_ARE = [
  'name',
  'deploymentVersion',
  'deploymentGeneration',
  'idempotencyKey',
  'flowVersion',
  'infrastructurePid',
  'workerType',
  'patchedAt',
  'scheduledAt',
  'startedAt',
  'pauseKeys',
  'resuming',
  'madeBy',
  'retries',
  'retryDelay',
] as const satisfies ReadonlyArray<keyof Run>;

export function fromRunItem(item: Item): Run {
  const id = idOf(item['pk'] as string);
  const at = listedAtOf(item['gsi2sk'] as string);
  const ids = item['stateIds'] as Uint8Array[];
  const entries = item['states'] as StateEntry[];
  // The list of ids begins with ids of states that have been moved out.
  const moved = ids.length - entries.length;
  return {
    id,
    flowId: idText(item['flowId'] as Uint8Array),
    ...idsOf(item, ['deploymentId', 'queueId', 'parentTaskRunId', 'infrastructureDocumentId']),
    ...(item['lastClaimant'] ? { lastClaimant: fromClaimant(item['lastClaimant']) } : {}),
    slots: ((item['slots'] as unknown[] | undefined) ?? []).map(fromHeldSlot),
    inLane: item['inLane'] === true,
    ...pickDefined(item as Pick<Run, (typeof AS_THEY_ARE)[number]>, AS_THEY_ARE),
    tags: (item['tags'] as string[] | undefined) ?? [],
    ...(item['labels'] ? { labels: new JsonText(item['labels'] as string) } : {}),
    parameters: item['parameters'] === undefined ? { text: '{}' } : fromPayload(item['parameters']),
    ...(item['jobVariables'] ? { jobVariables: fromPayload(item['jobVariables']) } : {}),
    ...(item['context'] ? { context: fromPayload(item['context']) } : {}),
    ...(item['skipFrom'] === undefined ? {} : { late: lateTermsOf(item) }),
    createdAt: (item['createdAt'] as number | undefined) ?? at,
    expectedAt: (item['expectedAt'] as number | undefined) ?? at,
    attempt: item['attempt'] as number,
    runCount: (item['runCount'] as number | undefined) ?? 0,
    losses: (item['losses'] as number | undefined) ?? 0,
    ranBefore: (item['ranBefore'] as number | undefined) ?? 0,
    movedStates: (item['movedStates'] as number | undefined) ?? 0,
    earlierIds: ids.slice(0, moved).map(idText),
    ...(item['claimedBy']
      ? {
          claim: {
            sessionId: idText(item['claimedBy'] as Uint8Array),
            secret: secretText(item['claimSecret'] as Uint8Array),
            claimId: idText(item['claimId'] as Uint8Array),
          },
        }
      : {}),
    stateType: item['stateType'] as StateType,
    stateId: idText(item['stateId'] as Uint8Array),
    states: entries.map((entry, i) => fromStateEntry(ids[i + moved] as Uint8Array, entry)),
  };
}

const lateTermsOf = (item: Item): LateTerms => ({
  skipFrom: item['skipFrom'] as number,
  ...(item['unlessMissing'] ? { unlessMissing: idText(item['unlessMissing'] as Uint8Array) } : {}),
});

function idsOf<Key extends string>(item: Item, keys: readonly Key[]): { [K in Key]?: string } {
  const present = keys.filter((key) => item[key] !== undefined);
  return Object.fromEntries(present.map((key) => [key, idText(item[key] as Uint8Array)])) as {
    [K in Key]?: string;
  };
}

function pickDefined<From extends object, Key extends keyof From>(
  from: From,
  keys: readonly Key[],
): Pick<From, Key> {
  const present = keys.filter((key) => from[key] !== undefined);
  return Object.fromEntries(present.map((key) => [key, from[key]])) as Pick<From, Key>;
}
