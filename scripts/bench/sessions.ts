import { randomUUID } from 'node:crypto';
import type { Client } from '../../client/index.ts';

/**
 * Opens a session like an agent's. Without heartbeats its lease lasts 30 s, which is long enough
 * here.
 */
export interface Session {
  readonly id: string;
  readonly workerName: string;
  end(): Promise<unknown>;
}

export async function openSession(client: Client, pool: string, capacity: number) {
  const id = randomUUID();
  const workerName = `agent-${id}`;
  const tell = (kind: { started: true } | { ended: true }) =>
    client.heartbeat({
      name: pool,
      session_id: id,
      body: { worker_name: workerName, capacity, runs: [], ...kind },
    });
  await tell({ started: true });
  const session: Session = { id, workerName, end: () => tell({ ended: true }) };
  return session;
}
