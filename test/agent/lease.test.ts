import { expect, test } from 'vitest';
import { createCalls } from '../../agent/calls.ts';
import { Lease } from '../../agent/session/lease.ts';
import { backoffMs } from '../../client/backoff.ts';
import { ApiError } from '../../client/index.ts';

const reply = { draining: false, cancel: [], lost: [], unknown: [] };

test.each([30, 6])(
  'seventeen tries of a heartbeat fit into a lease of %d s that is left alone',
  (lease_seconds) => {
    const lease = new Lease(() => {});
    lease.renew(performance.now(), { ...reply, lease_seconds, on_lease_loss: 'stop' });
    const pace = lease.backoff;
    lease.release();
    if (!pace) throw new Error('too late for a lease of this length');
    let tries = 0;
    for (let at = lease.turnMs; at < (lease_seconds * 1_000 * 5) / 6; tries++) {
      // With this random number, each pause is as long as it can be.
      at += backoffMs(tries, { ...pace, random: () => 1 });
    }
    expect(tries).toBe(17);
  },
);

test('a lease that was renewed too long ago is spent when it is looked at, but not where the pool says keep', () => {
  const spent: string[] = [];
  for (const on_lease_loss of ['stop', 'keep'] as const) {
    const lease = new Lease(() => spent.push(on_lease_loss));
    lease.renew(performance.now() - 26_000, { ...reply, on_lease_loss, lease_seconds: 30 });
    lease.check();
    expect(lease.backoff).toBeUndefined();
    lease.release();
    lease.check();
  }
  expect(spent).toEqual(['stop']);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, -30, 0, 1e9, '30 s'])(
  'a lease of %s s, which is none, runs out like any other',
  (lease_seconds) => {
    let spent = 0;
    const lease = new Lease(() => spent++);
    const said = {
      ...reply,
      lease_seconds: lease_seconds as number,
      on_lease_loss: 'stop' as const,
    };
    lease.renew(performance.now() - 24_000, said);
    lease.check();
    expect([spent, lease.turnMs]).toEqual([0, 10_000]);
    lease.renew(performance.now() - 26_000, said);
    lease.check();
    lease.release();
    expect(spent).toBe(1);
  },
);

/** The Calls of an agent whose lease is spent in 50 ms, and a function that blocks until then. */
function callsOnShortLease() {
  const over = new AbortController();
  const lease = new Lease(() => over.abort());
  lease.renew(performance.now(), { ...reply, lease_seconds: 0.06, on_lease_loss: 'stop' });
  const calls = createCalls({
    url: '',
    onEvent: () => {},
    random: Math.random,
    checkLease: () => lease.check(),
  });
  // Like a frozen process: no timer fires meanwhile.
  const block = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
  return { over: over.signal, calls, block, [Symbol.dispose]: () => lease.release() };
}

test('nothing is sent by an agent that was blocked until its lease was spent', async () => {
  using agent = callsOnShortLease();
  let sent = 0;
  agent.block();
  const asked = agent.calls.untilAnswered(async () => sent++, agent.over);
  await expect(asked).rejects.toThrow('aborted');
  expect(sent).toBe(0);
});

test('its session is over before anybody acts on an answer that came meanwhile', async () => {
  using agent = callsOnShortLease();
  await agent.calls.untilAnswered(async () => agent.block(), new AbortController().signal);
  expect(agent.over.aborted).toBe(true);
});

test('nor does anybody act on a refusal that came meanwhile', async () => {
  using agent = callsOnShortLease();
  const send = async () => {
    agent.block();
    throw new ApiError(409, {});
  };
  await expect(agent.calls.untilAnswered(send, agent.over)).rejects.toThrow('aborted');
});
