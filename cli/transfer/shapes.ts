import * as z from 'zod';
import { type RecordOf, recordOf } from './records.ts';

/** Turns a server's responses into records, both for exporting and for comparing. */
const Steps = z.object({ storage_configuration: z.record(z.string(), z.unknown()).nullish() });

export function poolRecord(answer: object): RecordOf<'pool'> {
  const { storage_configuration: all } = Steps.parse(answer);
  // The result storage block is given by its id, and blocks are not exported.
  const steps = Object.entries(all ?? {}).filter(
    ([key, value]) => key.endsWith('_step') && value !== null,
  );
  const storage = steps.length > 0 ? { storage_configuration: Object.fromEntries(steps) } : {};
  const { storage_configuration: _, ...pool } = recordOf('pool', answer);
  return { ...pool, ...storage };
}

export const queueRecord = (answer: object, pool: string): RecordOf<'queue'> =>
  recordOf('queue', { ...answer, pool });

export const limitRecord = (answer: object): RecordOf<'concurrency_limit'> =>
  recordOf('concurrency_limit', answer);

export const variableRecord = (answer: object): RecordOf<'variable'> =>
  recordOf('variable', answer);

export function flowRecord(answer: object): RecordOf<'flow'> {
  const flow = recordOf('flow', answer);
  return { ...flow, labels: ownLabels(flow.labels) };
}

const Schedules = z.object({
  schedules: z.array(z.looseObject({ schedule: z.looseObject({}) })).nullish(),
});
type Schedule = NonNullable<z.output<typeof Schedules>['schedules']>[number];

/**
 * A schedule as Prefect's API shows it: an anchor date without zero fractions of a second, and no
 * policy for late runs if it is Prefect's own, which is to start all of them.
 */
function scheduleRecord({ late_policy: late, late_grace_seconds: grace, ...plain }: Schedule) {
  const { anchor_date: anchor, ...rule } = plain.schedule;
  const from =
    typeof anchor === 'string' ? { anchor_date: anchor.replace(/\.0+(?=Z$|\+)/, '') } : {};
  const otherwise = late === undefined || late === 'all';
  return {
    ...plain,
    schedule: { ...rule, ...from },
    ...(otherwise ? {} : { late_policy: late, late_grace_seconds: grace }),
  };
}

const Limited = z.object({
  global_concurrency_limit: z.object({ name: z.string(), limit: z.unknown() }).nullish(),
});

/** A server lists a deployment's own limit among the global ones, under a name with this prefix. */
export const isOwnLimit = (name: string): boolean => name.startsWith('deployment:');

export function deploymentRecord(answer: object, flow: string): RecordOf<'deployment'> {
  const { global_concurrency_limit: limit } = Limited.parse(answer);
  const { schedules } = Schedules.parse(answer);
  const own = limit != null && isOwnLimit(limit.name);
  const deployment = recordOf('deployment', {
    ...answer,
    flow,
    // Listed newest first, and created in the order of the record.
    schedules: schedules?.map(scheduleRecord).reverse() ?? [],
    concurrency_limit: own ? limit.limit : null,
    global_concurrency_limit: own ? null : (limit?.name ?? null),
  });
  return { ...deployment, labels: ownLabels(deployment.labels) };
}

/** Leaves out the labels that a server sets itself: they name ids, and each server sets its own. */
const ownLabels = (labels: Record<string, unknown> | null | undefined) =>
  Object.fromEntries(Object.entries(labels ?? {}).filter(([key]) => !key.startsWith('prefect.')));
