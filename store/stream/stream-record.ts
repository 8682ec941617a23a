import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Run } from '../../model/runs/run.ts';
import { fromRunItem } from '../runs/run-item.ts';
import type { Item } from '../table/item.ts';
import { type Key, runKey } from '../table/keys.ts';
import { idOf } from '../table/timed-keys.ts';
import { isTombstone } from '../table/tombstone.ts';

/** One record of the table's stream, as Lambda receives it: binary values are in base64. */
export interface StreamRecord {
  readonly dynamodb?: {
    readonly SequenceNumber?: string | undefined;
    readonly OldImage?: object | undefined;
    readonly NewImage?: object | undefined;
  };
}

/**
 * A run before and after a write; undefined if the record is not about a run, or is its deletion.
 */
export function runsOf({ dynamodb }: StreamRecord): { before?: Run; after: Run } | undefined {
  const after = runOf(dynamodb?.NewImage);
  if (!after) return undefined;
  const before = runOf(dynamodb?.OldImage);
  return before ? { before, after } : { after };
}

/** The run that expired or was deleted, or whose tombstone did; undefined for any other record. */
export function goneRunOf({
  dynamodb,
}: StreamRecord): Pick<Run, 'id' | 'parentTaskRunId'> | undefined {
  if (!dynamodb?.OldImage || dynamodb.NewImage) return undefined;
  const item = itemOf(dynamodb.OldImage);
  if (!isRun(item)) return undefined;
  return isTombstone(item) ? { id: idOf(item.pk) } : fromRunItem(item);
}

function runOf(image: object | undefined): Run | undefined {
  if (!image) return undefined;
  const item = itemOf(image);
  return isRun(item) && !isTombstone(item) ? fromRunItem(item) : undefined;
}

const itemOf = (image: object): Item & Key =>
  unmarshall(withBytes(image) as Record<string, AttributeValue>) as Item & Key;

const isRun = ({ pk, sk }: Key): boolean => pk.startsWith(runKey('').pk) && sk === runKey('').sk;

/** The SDK expects binary values as bytes. */
function withBytes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withBytes);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, member]) => {
    if (key === 'B' && typeof member === 'string') return [key, Buffer.from(member, 'base64')];
    if (key === 'BS' && isTexts(member))
      return [key, member.map((one) => Buffer.from(one, 'base64'))];
    return [key, withBytes(member)];
  });
  return Object.fromEntries(entries);
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');
