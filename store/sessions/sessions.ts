import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { Opened, Session, SessionEnding, SessionRenewal } from '../../model/sessions.ts';
import type { ByHand } from '../../model/values/by-hand.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import {
  allOf,
  itExists,
  itIsNew,
  theLeaseIsTheOneSeen,
  theNameIsFree,
  theNameIsMine,
  theSessionIsOpen,
} from '../conditions.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import { get, queryPrefix } from '../dynamo/read.ts';
import { transact } from '../dynamo/transact.ts';
import { put, update } from '../dynamo/write.ts';
import { ttl } from '../table/binary.ts';
import type { Item } from '../table/item.ts';
import { SESSIONS, sessionKey, workerNameKey } from '../table/keys.ts';
import { idOf } from '../table/timed-keys.ts';

/** The name and the session, both or neither. Sent twice, it finds its own session. */
export async function openSession(
  db: Dynamo,
  session: Session,
  over: string | undefined,
): Promise<Opened> {
  const { id, poolId, workerName } = session;
  const done = await transact(db, [
    { Put: { Item: toItem(session), ConditionExpression: itIsNew } },
    {
      Put: {
        Item: { ...workerNameKey(poolId, workerName), sessionId: id },
        ConditionExpression: theNameIsFree,
        ExpressionAttributeValues: { ':me': id, ':predecessor': over ?? id },
      },
    },
  ]);
  if (done.won) return 'opened';
  if (done.at === 0 && done.item) {
    // Sent again, it is the same session, under the same name; else it is none to go on with.
    const there = fromItem(done.item);
    return there.endedAt === null && there.workerName === workerName ? 'open already' : 'ended';
  }
  return { nameHeldBy: done.item?.['sessionId'] as string };
}

/** 1 write unit, however many runs the session holds. */
export async function renewSession(
  db: Dynamo,
  renewal: SessionRenewal,
): Promise<Session | undefined> {
  const { poolId, sessionId, at, endedAt } = renewal;
  const ending = endedAt === null ? '' : ', endedAt = :endedAt, expiresAt = :expiresAt';
  const written = await update(db, sessionKey(poolId, sessionId), {
    ConditionExpression: theSessionIsOpen,
    UpdateExpression: `SET lastHeartbeatAt = :at, leaseExpiresAt = :lease, #capacity = :capacity, running = :running${ending}`,
    ExpressionAttributeNames: { '#capacity': 'capacity' },
    ExpressionAttributeValues: {
      ':at': at,
      ':lease': renewal.leaseExpiresAt,
      ':capacity': renewal.capacity,
      ':running': renewal.running,
      ...(endedAt === null
        ? {}
        : { ':endedAt': endedAt, ':expiresAt': ttl(endedAt + NUMBERS.sessionKept) }),
    },
  });
  if (!written.won) return undefined;
  const session = fromItem(written.item);
  if (endedAt !== null) await freeName(db, session);
  return session;
}

/** Ends a session if it is still open, and nobody renewed it meanwhile. */
export async function endSession(db: Dynamo, ending: SessionEnding): Promise<boolean> {
  const { poolId, sessionId, at, leaseExpiresAt } = ending;
  const exactly = leaseExpiresAt !== undefined;
  const written = await update(db, sessionKey(poolId, sessionId), {
    ConditionExpression: exactly ? allOf(theSessionIsOpen, theLeaseIsTheOneSeen) : theSessionIsOpen,
    UpdateExpression: 'SET endedAt = :at, expiresAt = :expiresAt',
    ExpressionAttributeValues: {
      ':at': at,
      ':expiresAt': ttl(at + NUMBERS.sessionKept),
      ...(exactly ? { ':lease': leaseExpiresAt } : {}),
    },
  });
  if (written.won) await freeName(db, fromItem(written.item));
  return written.won;
}

export async function deleteSession(
  db: Dynamo,
  poolId: string,
  sessionId: string,
  at: Instant,
): Promise<void> {
  const written = await update(db, sessionKey(poolId, sessionId), {
    ConditionExpression: itExists,
    UpdateExpression:
      'SET endedAt = if_not_exists(endedAt, :at), expiresAt = if_not_exists(expiresAt, :expires), deleted = :yes',
    ExpressionAttributeValues: {
      ':at': at,
      ':expires': ttl(at + NUMBERS.sessionKept),
      ':yes': true,
    },
  });
  if (written.won) await freeName(db, fromItem(written.item));
}

export async function noteSession(db: Dynamo, session: Session): Promise<void> {
  await put(db, toItem(session), { condition: itIsNew });
}

export async function drainSession(
  db: Dynamo,
  poolId: string,
  sessionId: string,
  draining: ByHand | null,
): Promise<boolean> {
  const written = await update(db, sessionKey(poolId, sessionId), {
    ConditionExpression: theSessionIsOpen,
    ...(draining === null
      ? { UpdateExpression: 'REMOVE draining' }
      : {
          UpdateExpression: 'SET draining = :draining',
          ExpressionAttributeValues: { ':draining': draining },
        }),
  });
  return written.won;
}

export async function keepSession(
  db: Dynamo,
  poolId: string,
  sessionId: string,
  until: Instant,
): Promise<void> {
  await update(db, sessionKey(poolId, sessionId), {
    ConditionExpression: itExists,
    UpdateExpression: 'SET expiresAt = :until, holds = :yes',
    ExpressionAttributeValues: { ':until': ttl(until), ':yes': true },
  });
}

export async function readSessionOfName(
  db: Dynamo,
  poolId: string,
  workerName: string,
): Promise<string | undefined> {
  const item = await get(db, workerNameKey(poolId, workerName));
  return item?.['sessionId'] as string | undefined;
}

async function freeName({ client, tableName }: Dynamo, session: Session): Promise<void> {
  try {
    await client.send(
      new DeleteCommand({
        TableName: tableName,
        Key: workerNameKey(session.poolId, session.workerName),
        ConditionExpression: theNameIsMine,
        ExpressionAttributeValues: { ':me': session.id },
      }),
    );
  } catch (error) {
    // Somebody else has the name by now: it is theirs.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

export async function readSession(
  db: Dynamo,
  poolId: string,
  sessionId: string,
): Promise<Session | undefined> {
  const item = await get(db, sessionKey(poolId, sessionId));
  return item && fromItem(item);
}

export async function listSessions(db: Dynamo, poolId: string): Promise<Session[]> {
  return (await queryPrefix(db, sessionKey(poolId, '').pk, SESSIONS)).map(fromItem);
}

/** A field that is null is absent in the item: the conditions ask whether it is there. */
function toItem({ id, endedAt, leaseExpiresAt, draining, ...session }: Session): Item {
  return {
    ...session,
    ...(leaseExpiresAt === null ? {} : { leaseExpiresAt }),
    ...(draining === null ? {} : { draining }),
    ...sessionKey(session.poolId, id),
    ...(endedAt === null ? {} : { endedAt, expiresAt: ttl(endedAt + NUMBERS.sessionKept) }),
  };
}

function fromItem({ pk, sk, expiresAt, ...item }: Item): Session {
  return {
    kind: 'agent',
    endedAt: null,
    leaseExpiresAt: null,
    draining: null,
    ...item,
    id: idOf(sk as string),
  } as unknown as Session;
}
