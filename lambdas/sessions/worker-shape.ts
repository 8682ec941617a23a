import type * as z from 'zod';
import type {
  PrefectWorker as PrefectWorkerSchema,
  Worker as WorkerSchema,
} from '../../api/sessions/schemas.ts';
import type { Worker } from '../../core/sessions/workers.ts';
import { toIso } from '../../model/values/instant.ts';
import { byShape, heartbeatSeconds } from '../pools/pool-shapes.ts';

export const prefectWorkerShape = ({
  session,
  online,
}: Omit<Worker, 'holds'>): z.output<typeof PrefectWorkerSchema> => ({
  id: session.id,
  created: toIso(session.openedAt),
  updated: toIso(session.lastHeartbeatAt),
  name: session.workerName,
  work_pool_id: session.poolId,
  last_heartbeat_time: toIso(session.lastHeartbeatAt),
  heartbeat_interval_seconds: heartbeatSeconds(session),
  status: online ? 'ONLINE' : 'OFFLINE',
});

export const workerShape = ({ session, online, holds }: Worker): z.output<typeof WorkerSchema> => ({
  ...prefectWorkerShape({ session, online }),
  kind: session.kind === 'worker' ? 'worker' : 'agent',
  draining: byShape(session.draining),
  host: session.host,
  capacity: session.capacity,
  ended: session.endedAt === null ? null : toIso(session.endedAt),
  holds: holds.map(({ runId, attempt }) => ({ id: runId, attempt })),
});
