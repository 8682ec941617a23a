/**
 * The records that `dibs export` writes and `dibs import` reads: one JSON object per line, whose
 * `kind` says which type it is. Records have names and no ids, because each server assigns its own
 * ids. Their fields are Prefect's.
 *
 * An import keeps the values of fields that a record does not mention. It replaces lists and
 * objects as a whole. An unknown field is an error: otherwise a misspelled field would be lost
 * silently.
 */
import * as z from 'zod';
import { rawNumber } from '../../client/exact-json.ts';

/** Records refer only to records of earlier kinds, so they are applied in this order. */
export const KINDS = [
  'pool',
  'queue',
  'concurrency_limit',
  'variable',
  'flow',
  'deployment',
] as const;
export type Kind = (typeof KINDS)[number];

/** Accepts `5.0`, too, which an exact parser keeps as text. */
const number = z.preprocess((value) => {
  const raw = rawNumber(value);
  return raw === undefined ? value : Number(raw);
}, z.number());
const name = z.string().min(1);
const text = z.string().nullish();
const object = z.record(z.string(), z.unknown()).nullish();
const flag = z.boolean().nullish();
const tags = z.array(z.string()).nullish();
const limit = number.nullish();

const Pool = {
  kind: z.literal('pool'),
  name,
  type: z.string().optional(),
  description: text,
  base_job_template: object,
  is_paused: flag,
  concurrency_limit: limit,
  storage_configuration: object,
  recovery: object,
};
const Queue = {
  kind: z.literal('queue'),
  pool: name,
  name,
  description: text,
  is_paused: flag,
  concurrency_limit: limit,
  priority: number.nullish(),
};
const ConcurrencyLimit = {
  kind: z.literal('concurrency_limit'),
  name,
  limit: number,
  active: flag,
  slot_decay_per_second: number.nullish(),
};
const Variable = { kind: z.literal('variable'), name, value: z.unknown(), tags };
const Flow = { kind: z.literal('flow'), name, tags, labels: object };
const Schedule = z.object({
  schedule: z.record(z.string(), z.unknown()),
  active: flag,
  max_scheduled_runs: number.nullish(),
  parameters: object,
  slug: text,
  late_policy: text,
  late_grace_seconds: number.nullish(),
});
const Deployment = {
  kind: z.literal('deployment'),
  flow: name,
  name,
  version: text,
  description: text,
  paused: flag,
  schedules: z.array(Schedule).nullish(),
  concurrency_limit: limit,
  /** The name of a limit that it shares with other deployments. Only Prefect servers have those. */
  global_concurrency_limit: text,
  concurrency_options: object,
  parameters: object,
  tags,
  labels: object,
  work_pool_name: text,
  work_queue_name: text,
  job_variables: object,
  parameter_openapi_schema: object,
  enforce_parameter_schema: flag,
  path: text,
  entrypoint: text,
  pull_steps: z.array(z.unknown()).nullish(),
};

/** One line of a file. */
export const TransferRecord = z.discriminatedUnion('kind', [
  z.strictObject(Pool),
  z.strictObject(Queue),
  z.strictObject(ConcurrencyLimit),
  z.strictObject(Variable),
  z.strictObject(Flow),
  z.strictObject(Deployment),
]);
export type TransferRecord = z.output<typeof TransferRecord>;
export type RecordOf<K extends Kind> = Extract<TransferRecord, { kind: K }>;

/**
 * Sorts records by kind, and queues in the order in which they are served, so that each queue gets
 * its priority without moving another. An export writes this order; an import sorts into it first.
 */
export const inOrder = (a: TransferRecord, b: TransferRecord): number =>
  KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || priorityOf(a) - priorityOf(b);

const priorityOf = (record: TransferRecord): number =>
  record.kind === 'queue' ? (record.priority ?? 0) : 0;

/** The name of a record. A queue and a deployment have two parts: `etl/urgent`. */
export function nameOf(record: TransferRecord): string {
  if (record.kind === 'queue') return `${record.pool}/${record.name}`;
  return record.kind === 'deployment' ? `${record.flow}/${record.name}` : record.name;
}

/** Servers send more fields than a record has. These schemas leave the others out. */
const LOOSE = {
  pool: z.object(Pool),
  queue: z.object(Queue),
  concurrency_limit: z.object(ConcurrencyLimit),
  variable: z.object(Variable),
  flow: z.object(Flow),
  deployment: z.object(Deployment),
};

/**
 * Makes a record of a server's response.
 * @throws z.ZodError if the server answers otherwise than Prefect's API does
 */
export const recordOf = <K extends Kind>(kind: K, answer: object): RecordOf<K> =>
  LOOSE[kind].parse({ ...answer, kind }) as RecordOf<K>;
