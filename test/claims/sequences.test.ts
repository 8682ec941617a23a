import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiError } from '../../client/index.ts';
import { isFinal, type StateType } from '../../model/runs/state.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { claimRuns, createRuns, createWork, openSession } from '../support/work.ts';

/**
 * Any sequence of claims, proposals, replays and interventions by three agents and a user leaves the
 * run where a model of a dozen lines says. fast-check prints the seed and the shortest failure.
 */
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const TYPES = ['RUNNING', 'COMPLETED', 'FAILED', 'CRASHED', 'SCHEDULED'] as const;
type Step =
  | { kind: 'claim'; agent: number; start: boolean }
  | { kind: 'propose'; agent: number; type: (typeof TYPES)[number]; again: boolean }
  | { kind: 'force'; type: 'SCHEDULED' | 'CANCELLED' }
  | { kind: 'cancel' };

const agent = fc.nat({ max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('claim'), agent, start: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('propose'),
      agent,
      type: fc.constantFrom(...TYPES),
      again: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('force'),
      type: fc.constantFrom('SCHEDULED', 'CANCELLED'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel') }) },
) as fc.Arbitrary<Step>;

type Session = Awaited<ReturnType<typeof openSession>>;

interface Model {
  state: StateType;
  holder: number | undefined;
  attempt: number;
  runCount: number;
}

/** One run, three agents, and the model of what should have become of it. */
class World {
  readonly #id: string;
  readonly #pool: string;
  readonly #agents: Session[];
  readonly #tokens = new Map<number, { token: string; attempt: number }>();
  #model: Model = { state: 'SCHEDULED', holder: undefined, attempt: 0, runCount: 0 };

  private constructor(id: string, pool: string, agents: Session[]) {
    this.#id = id;
    this.#pool = pool;
    this.#agents = agents;
  }

  static async create(): Promise<World> {
    const { pool, deployment } = await createWork(stack.client);
    const [id = ''] = await createRuns(stack.client, deployment.id, 1);
    const agents = await Promise.all([0, 1, 2].map(() => openSession(stack.client, pool)));
    return new World(id, pool, agents);
  }

  take(step: Step): Promise<void> {
    if (step.kind === 'claim') return this.#claim(step.agent, step.start);
    if (step.kind === 'propose') return this.#propose(step.agent, step.type, step.again);
    return this.#intervene(
      step.kind === 'cancel' ? 'CANCELLING' : step.type,
      step.kind === 'force',
    );
  }

  async #claim(agent: number, start: boolean): Promise<void> {
    const model = this.#model;
    const me = this.#agents[agent] as Session;
    const [run] = (await claimRuns(stack.client, this.#pool, me, { start })).runs;
    expect(run !== undefined).toBe(model.state === 'SCHEDULED' && model.holder === undefined);
    if (!run) return;
    this.#tokens.set(agent, { token: run.claim_token, attempt: run.attempt });
    this.#model = {
      state: start ? 'RUNNING' : 'PENDING',
      holder: agent,
      attempt: model.attempt + 1,
      runCount: model.runCount + (start ? 1 : 0),
    };
  }

  /** By the holder: as the table says. With any other token: claim_lost. Sent again: the same. */
  async #propose(agent: number, type: StateType, again: boolean): Promise<void> {
    const mine = this.#tokens.get(agent);
    if (!mine) return;
    const model = this.#model;
    const current = model.holder === agent && mine.attempt === model.attempt;
    const expected = model.state === 'CANCELLING' ? 'REJECT' : 'ACCEPT';
    const body = {
      state: { type, state_details: { transition_id: randomUUID() } },
      claim_token: mine.token,
    };
    const send = () =>
      stack.client.setState({ id: this.#id, body }).then(
        ({ status }) => status,
        (error: ApiError) => error.code,
      );
    for (let times = again ? 2 : 1; times > 0; times--) {
      expect(await send()).toBe(current ? expected : 'claim_lost');
    }
    if (!current || expected === 'REJECT') return;
    const ends = isFinal(type) || type === 'SCHEDULED';
    this.#model = {
      ...model,
      state: type,
      holder: ends ? undefined : agent,
      runCount: model.runCount + (type === 'RUNNING' ? 1 : 0),
    };
  }

  /** A user's cancel asks the holder, or is done where nobody holds it; force ends the claim. */
  async #intervene(type: StateType, force: boolean): Promise<void> {
    const model = this.#model;
    await stack.client.setState({ id: this.#id, body: { state: { type }, force } });
    if (force) this.#model = { ...model, state: type, holder: undefined };
    else if (model.holder !== undefined) this.#model = { ...model, state: 'CANCELLING' };
    else if (!isFinal(model.state)) this.#model = { ...model, state: 'CANCELLED' };
  }

  async check(): Promise<void> {
    const run = await stack.context.store.readRun(this.#id);
    const { holder, ...rest } = this.#model;
    expect({
      attempt: run?.attempt,
      runCount: run?.runCount,
      state: run?.stateType,
      holder: run?.claim?.sessionId,
    }).toEqual({
      ...rest,
      holder: holder === undefined ? undefined : this.#agents[holder]?.session,
    });
  }
}

test('any sequence leaves the run where the model says', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps) => {
      const world = await World.create();
      for (const one of steps) {
        await world.take(one);
        await world.check();
      }
    }),
    { numRuns: 40 },
  );
});
