import { deleteWorker } from '../../core/delete-worker.ts';
import { filterWorkers } from '../../core/workers.ts';
import type { Handle } from '../http.ts';
import { onPage } from '../page.ts';
import { prefectWorkerShape } from '../shapes/records.ts';

export const handleFilterWorkers: Handle<'filterWorkers'> = async (context, { path, body }) => {
  const workers = await filterWorkers(context, path.name, body?.workers);
  return { status: 200, body: onPage(workers, body).map(prefectWorkerShape) };
};

export const handleDeleteWorker: Handle<'deleteWorker'> = async (context, { path }) => {
  await deleteWorker(context, path.name, path.worker);
  return { status: 204, body: undefined };
};
