import { randomUUID } from 'node:crypto';
import type { Client } from '../../client/index.ts';

/** As of an agent. It lives for a lease, 30 s, without heartbeats: longer than it is needed. */
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
