import { fingerprint } from '../values/cut-text.ts';

/**
 * In characters. A run's item, which has its worker's name, must stay small; most names are short.
 */
const LONGEST = 60;

/**
 * The worker's name as a run keeps it. A long name is shortened for display, and what it is comes
 * with it: Kubernetes makes long names that begin alike, and each of them is another worker.
 */
export interface ToldWorker {
  readonly worker?: string;
  /** Stands for the whole name. Absent if `worker` is the whole name. */
  readonly workerMark?: string;
}

export function toldWorker(name: string): Required<Pick<ToldWorker, 'worker'>> & ToldWorker {
  const characters = [...name];
  if (characters.length <= LONGEST) return { worker: name };
  const worker = `${characters.slice(0, LONGEST).join('')}…`;
  return { worker, workerMark: fingerprint(name) };
}

/** Whether this is the name of that worker, exactly. */
export function isWorkerName(told: ToldWorker | undefined, name: string): boolean {
  const { worker, workerMark } = toldWorker(name);
  return told?.worker === worker && told.workerMark === workerMark;
}
