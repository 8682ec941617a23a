import { randomUUID } from 'node:crypto';
import { type Client, UnreachableError } from '../../client/index.ts';
import { type ClaimedRun, openSession } from '../support/work.ts';

/** What one claimer says it was given. */
export interface Won {
  readonly session: string;
  readonly run: ClaimedRun;
}

/**
 * `claimers` sessions, each a loop of claim calls over its own HTTP requests, until the queue is
 * empty. A reply that does not come is asked for again with the same claim_id.
 */
export async function race(
  client: Client,
  pool: string,
  claimers: number,
  limit: (claimer: number) => number = (claimer) => 1 + (claimer % 4),
): Promise<Won[]> {
  const sessions = await Promise.all(
    Array.from({ length: claimers }, () => openSession(client, pool)),
  );
  const won = sessions.map(async ({ session, worker }, claimer) => {
    const mine: Won[] = [];
    for (let empty = 0; empty < 3; ) {
      const body = {
        session_id: session,
        worker_name: worker,
        claim_id: randomUUID(),
        limit: limit(claimer),
      };
      const { runs } = await untilAnswered((repeat) =>
        client.claim({ name: pool, body: { ...body, repeat } }),
      );
      mine.push(...runs.map((run) => ({ session, run })));
      empty = runs.length > 0 ? 0 : empty + 1;
    }
    return mine;
  });
  return (await Promise.all(won)).flat();
}

async function untilAnswered<Reply>(ask: (repeat: boolean) => Promise<Reply>): Promise<Reply> {
  for (let tries = 0; ; tries++) {
    try {
      return await ask(tries > 0);
    } catch (error) {
      if (!(error instanceof UnreachableError) || tries >= 50) throw error;
    }
  }
}

/** The checker: what is wrong with what the claimers say, against the runs that were there. */
export function faults(won: readonly Won[], ids: readonly string[]): string[] {
  const byRun = Map.groupBy(won, ({ run }) => run.flow_run.id);
  const twice = [...byRun]
    .filter(([, claims]) => claims.length > 1)
    .map(
      ([id, claims]) => `${id} was claimed by ${claims.map(({ session }) => session).join(', ')}`,
    );
  const never = ids.filter((id) => !byRun.has(id)).map((id) => `${id} was claimed by nobody`);
  const strange = [...byRun.keys()]
    .filter((id) => !ids.includes(id))
    .map((id) => `${id} was never there`);
  const tokens = new Set(won.map(({ run }) => run.claim_token));
  const shared = tokens.size < byRun.size ? ['two claims share a token'] : [];
  return [...twice, ...never, ...strange, ...shared];
}
