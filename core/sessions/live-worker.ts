import type { Session } from '../../model/sessions.ts';
import type { Store } from '../../model/store.ts';

/** The open session of the Prefect worker that sends heartbeats under this name. */
export async function liveWorker(
  store: Store,
  poolId: string,
  name: string,
): Promise<Session | undefined> {
  const id = await store.readSessionOfName(poolId, name);
  const session = id ? await store.readSession(poolId, id) : undefined;
  return session && isLiveWorker(session) ? session : undefined;
}

export const isLiveWorker = ({ kind, endedAt }: Session): boolean =>
  kind === 'worker' && endedAt === null;
