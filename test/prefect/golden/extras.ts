/**
 * What our objects have beside Prefect's fields. Its clients ignore what they do not know.
 * An object is recognised by a key that only it has.
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
