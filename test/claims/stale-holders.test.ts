import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { request } from '../support/http.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import {
  type ClaimedRun,
  claimRuns,
  createRuns,
  createWork,
  openSession,
  propose,
} from '../support/work.ts';

let stack: TestStack;
let work: Awaited<ReturnType<typeof createWork>>;
let me: Awaited<ReturnType<typeof openSession>>;

beforeAll(async () => {
  stack = await startTestStack();
  work = await createWork(stack.client);
  me = await openSession(stack.client, work.pool);
});
afterAll(() => stack.stop());

describe('what a stale holder says changes nothing', () => {
  async function claimOne(): Promise<ClaimedRun> {
    await createRuns(stack.client, work.deployment.id, 1);
    const [run] = (await claimRuns(stack.client, work.pool, me)).runs;
    if (!run) throw new Error('nothing was claimed');
    return run;
  }
  const read = (run: ClaimedRun) => stack.client.readFlowRun({ id: run.flow_run.id });
  const refused = (run: ClaimedRun) =>
    request(stack, 'POST', `/flow_runs/${run.flow_run.id}/set_state`, {
      state: { type: 'COMPLETED' },
      claim_token: run.claim_token,
    });

  test('finishing a run twice: 409 claim_lost, and nobody holds it', async () => {
    const run = await claimOne();
    await propose(stack.client, run, 'RUNNING');
    await propose(stack.client, run, 'COMPLETED');
    const before = await read(run);
    const answer = await refused(run);
    expect(answer).toMatchObject({ status: 409, body: { code: 'claim_lost' } });
    expect(answer.body).toMatchObject({ holder: null, attempt: 1 });
    expect(await read(run)).toEqual({ ...before, estimated_start_time_delta: expect.anything() });
  });

  test('a token of an earlier attempt: 409 with the present holder and attempt', async () => {
    const first = await claimOne();
    await propose(stack.client, first, 'SCHEDULED');
    const other = await openSession(stack.client, work.pool);
    const [second] = (await claimRuns(stack.client, work.pool, other)).runs;
    expect(second?.flow_run.id).toBe(first.flow_run.id);
    const answer = await refused(first);
    expect(answer).toMatchObject({ status: 409, body: { code: 'claim_lost' } });
    expect(answer.body).toMatchObject({
      holder: { session_id: other.session, worker_name: other.worker },
      attempt: 2,
    });
    expect((await read(first)).state_type).toBe('PENDING');
  });

  test('a PATCH under a token of an earlier attempt: 409, and nothing changed', async () => {
    const first = await claimOne();
    await propose(stack.client, first, 'SCHEDULED');
    const patch = (run: ClaimedRun) =>
      stack.client.updateFlowRun({
        id: run.flow_run.id,
        body: { empirical_policy: { retries: 99 } },
        headers: { 'dibs-claim-token': run.claim_token },
      });
    await expect(patch(first)).rejects.toMatchObject({ status: 409, code: 'claim_lost' });
    expect((await read(first)).empirical_policy.retries).toBeNull();
    const [second] = (await claimRuns(stack.client, work.pool, me)).runs;
    if (!second) throw new Error('nothing was claimed');
    await patch(second);
    expect((await read(first)).empirical_policy.retries).toBe(99);
  });

  test('a token that is none, or of another run, in the body: 409', async () => {
    const run = await claimOne();
    const another = await claimOne();
    for (const claim_token of ['nonsense', another.claim_token]) {
      const answer = await refused({ ...run, claim_token });
      expect(answer).toMatchObject({ status: 409, body: { code: 'claim_lost' } });
    }
    expect((await read(run)).state_type).toBe('PENDING');
  });

  test('a header token that names another run is ignored: the caller is a user', async () => {
    const run = await claimOne();
    const another = await claimOne();
    const answer = await stack.client.setState({
      id: run.flow_run.id,
      body: { state: { type: 'CANCELLING' } },
      headers: { 'dibs-claim-token': another.claim_token },
    });
    expect(answer.status).toBe('ACCEPT');
    const beat = await stack.client.heartbeat({
      name: work.pool,
      session_id: me.session,
      body: {
        worker_name: me.worker,
        capacity: 1,
        runs: [{ id: run.flow_run.id, attempt: 1 }],
      },
    });
    expect(beat.cancel).toEqual([{ id: run.flow_run.id, attempt: 1 }]);
  });
});
