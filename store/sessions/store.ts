import type { Session, SessionStore } from '../../model/sessions.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { bound } from '../dynamo/bound.ts';
import { cache, keepForAMoment } from '../dynamo/cache.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import { grantGrace, readService, stampService } from './service.ts';
import {
  deleteSession,
  drainSession,
  endSession,
  keepSession,
  listSessions,
  noteSession,
  openSession,
  readSession,
  readSessionOfName,
  renewSession,
} from './sessions.ts';

/** Sessions. Every poll lists those of its pool, so the list is cached for 3 s. */
export function sessionStore(db: Dynamo, now: () => Instant): SessionStore {
  const cached = cache<Session[]>(now, NUMBERS.sessionsCached);
  const stamped = keepForAMoment<true>(now, NUMBERS.stampEvery);
  const noted = new Set<string>();
  return {
    ...bound(db, {
      renewSession,
      keepSession,
      readSessionOfName,
      readSession,
      readService,
      grantGrace,
    }),
    openSession: async (session, over) => {
      const opened = await openSession(db, session, over);
      cached.forget(session.poolId);
      return opened;
    },
    endSession: async (ending) => {
      const ended = await endSession(db, ending);
      cached.forget(ending.poolId);
      return ended;
    },
    noteSession: async (session) => {
      if (noted.has(session.id)) return;
      await noteSession(db, session);
      cached.forget(session.poolId);
      noted.add(session.id);
    },
    drainSession: async (poolId, id, draining) => {
      const drained = await drainSession(db, poolId, id, draining);
      cached.forget(poolId);
      return drained;
    },
    deleteSession: async (poolId, id, at) => {
      await deleteSession(db, poolId, id, at);
      cached.forget(poolId);
    },
    listSessions: async (poolId, how = 'fresh') =>
      how === 'fresh'
        ? listSessions(db, poolId)
        : ((await cached.read(poolId, () => listSessions(db, poolId))) ?? []),
    stampService: async (poolId, kind) => {
      const key = `${poolId} ${kind}`;
      if (stamped.get(key)) return;
      // Before the write is done, so that concurrent requests do not write it again.
      stamped.set(key, true);
      await stampService(db, poolId, kind, now());
    },
  };
}
