import type { workersRoutes } from '../../api/sessions/workers-routes.ts';
import { deleteWorker } from '../../core/sessions/delete-worker.ts';
import { drainAgent } from '../../core/sessions/drain-agent.ts';
import { filterWorkers, listWorkers } from '../../core/sessions/workers.ts';
import type { Handles } from '../http/http.ts';
import { onPage } from '../http/page.ts';
import { personOf } from '../http/person.ts';
import { prefectWorkerShape, workerShape } from './worker-shape.ts';

export const workerHandlers = {
  filterWorkers: async (context, { path, body }) => {
    const workers = await filterWorkers(context, path.name, body?.workers);
    return { status: 200, body: onPage(workers, body).map(prefectWorkerShape) };
  },

  deleteWorker: async (context, { path }) => {
    await deleteWorker(context, path.name, path.worker);
    return { status: 204, body: undefined };
  },

  readWorkers: async (context, { path }) => {
    const workers = await listWorkers(context, path.name);
    return { status: 200, body: workers.map(workerShape) };
  },

  drainAgent: async (context, { path, body }) => {
    const { name: poolName, session_id: sessionId } = path;
    const drain = body.drain ?? true;
    const worker = await drainAgent(context, {
      poolName,
      sessionId,
      operator: personOf(body),
      drain,
    });
    return { status: 200, body: workerShape(worker) };
  },
} satisfies Handles<keyof typeof workersRoutes>;
