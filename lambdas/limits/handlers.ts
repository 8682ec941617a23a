import type * as z from 'zod';
import type { limitsRoutes } from '../../api/limits/routes.ts';
import type { Slots } from '../../api/limits/schemas.ts';
import type { Context } from '../../core/context.ts';
import { readDeployment } from '../../core/deployments/deployments.ts';
import { listSlots } from '../../core/limits/list-slots.ts';
import { readPool } from '../../core/pools/pools.ts';
import { readQueue } from '../../core/pools/queues.ts';
import type { Scope } from '../../model/limits.ts';
import { toIso } from '../../model/values/instant.ts';
import type { Handles } from '../http/http.ts';

export const slotHandlers = {
  readWorkPoolSlots: async (context, { path }) => {
    const { id } = await readPool(context, path.name);
    return { status: 200, body: await slots(context, { kind: 'pool', id }) };
  },

  readWorkQueueSlots: async (context, { path }) => {
    const { id } = await readQueue(context, path.name, path.queue);
    return { status: 200, body: await slots(context, { kind: 'queue', id }) };
  },

  readDeploymentSlots: async (context, { path }) => {
    const { id } = await readDeployment(context, path.id);
    return { status: 200, body: await slots(context, { kind: 'deployment', id }) };
  },
} satisfies Handles<keyof typeof limitsRoutes>;

async function slots(context: Context, scope: Scope): Promise<z.output<typeof Slots>> {
  const { limit, held } = await listSlots(context, scope);
  return {
    concurrency_limit: limit.limit,
    active_slots: held.length,
    settling: limit.settlesAt !== null,
    slots: held.map(({ k, runId, attempt, sessionId, at }) => ({
      slot: k,
      flow_run_id: runId,
      attempt,
      session_id: sessionId,
      taken: toIso(at),
    })),
  };
}
