import { deleteWorker } from '../../core/sessions/delete-worker.ts';
import { drainAgent } from '../../core/sessions/drain-agent.ts';
import { filterWorkers, listWorkers } from '../../core/sessions/workers.ts';
import type { Handle } from '../http/http.ts';
import { onPage } from '../http/page.ts';
import { operatorOf } from '../pools/handlers.ts';
import { prefectWorkerShape, workerShape } from './worker-shape.ts';

export const handleFilterWorkers: Handle<'filterWorkers'> = async (context, { path, body }) => {
  const workers = await filterWorkers(context, path.name, body?.workers);
  return { status: 200, body: onPage(workers, body).map(prefectWorkerShape) };
};

export const handleDeleteWorker: Handle<'deleteWorker'> = async (context, { path }) => {
  await deleteWorker(context, path.name, path.worker);
  return { status: 204, body: undefined };
};

export const handleReadWorkers: Handle<'readWorkers'> = async (context, { path }) => {
  const workers = await listWorkers(context, path.name);
  return { status: 200, body: workers.map(workerShape) };
};

export const handleDrainAgent: Handle<'drainAgent'> = async (context, { path, body }) => {
  const { name: poolName, session_id: sessionId } = path;
  const drain = body.drain ?? true;
  const worker = await drainAgent(context, {
    poolName,
    sessionId,
    operator: operatorOf(body),
    drain,
  });
  return { status: 200, body: workerShape(worker) };
};
