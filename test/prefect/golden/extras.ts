/**
 * The fields that objects of dibs have in addition to Prefect's. Prefect's clients ignore unknown
 * fields. The kind of an object is recognized by a key that only this kind has.
 */
const EXTRAS = [
  { of: 'a work pool', by: 'default_queue_id', keys: ['recovery', 'paused_by'] },
  { of: 'a flow run', by: 'state_type', keys: ['attempt', 'claimed_by'] },
  {
    of: 'a worker',
    by: 'last_heartbeat_time',
    keys: ['host', 'capacity', 'ended', 'kind', 'draining', 'holds'],
  },
] as const;

export const isAllowedExtra = (key: string, object: Readonly<Record<string, unknown>>): boolean =>
  EXTRAS.some(({ by, keys }) => by in object && keys.some((one) => one === key));
