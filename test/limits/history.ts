import { randomUUID } from 'node:crypto';
import { claim } from '../../core/claims/claim.ts';
import { releaseRun } from '../../core/claims/release-run.ts';
import type { Context } from '../../core/context.ts';
import { createDeployment } from '../../core/deployments/create-deployment.ts';
import { createFlow } from '../../core/deployments/flows.ts';
import { settleLimit } from '../../core/limits/set-limit.ts';
import { createPool, updatePool } from '../../core/pools/pools.ts';
import { readQueue, updateQueue } from '../../core/pools/queues.ts';
import { NOBODY } from '../../core/proposals/identity.ts';
import { setState } from '../../core/proposals/set-state.ts';
import { sweep } from '../../core/recovery/sweep.ts';
import { createRunOfDeployment } from '../../core/runs/create-run.ts';
import { heartbeat } from '../../core/sessions/heartbeat.ts';
import { systemContext } from '../../lambdas/runtime/context.ts';
import type { Deployment } from '../../model/deployments.ts';
import type { Scope, Slot } from '../../model/limits.ts';
import type { WorkPool } from '../../model/pools.ts';
import type { Run } from '../../model/runs/run.ts';
import { SECOND } from '../../model/values/instant.ts';
import { createDynamoStore } from '../../store/index.ts';
import type { FreshTable } from '../support/dynamodb.ts';

export const KINDS = ['pool', 'queue', 'deployment'] as const;
export type Kind = (typeof KINDS)[number];

export type Step =
  | { kind: 'poll'; agent: number; limit: number }
  | { kind: 'direct'; name: number; run: number; type: 'PENDING' | 'RUNNING' }
  | { kind: 'end'; run: number; type: 'COMPLETED' | 'FAILED' | 'SCHEDULED' | 'PAUSED' }
  | { kind: 'release'; run: number }
  | { kind: 'die'; agent: number }
  | { kind: 'limit'; of: Kind; to: number | null }
  | { kind: 'pass' };

const RUNS = 12;
const AGENTS = 3;

interface Agent {
  readonly id: string;
  readonly name: string;
  dead: boolean;
}

/**
 * One pool, its queue and a deployment, each with a limit or none, worked on by agents and direct
 * callers through two processes with caches of their own. What must hold is checked after each round
 * of steps that were taken at once.
 */
export class History {
  readonly #contexts: readonly Context[];
  readonly #clock: { ahead: number };
  readonly #agents: Agent[] = [];
  #pool!: WorkPool;
  #deployment!: Deployment;
  #runs: string[] = [];
  #turn = 0;

  private constructor(table: FreshTable) {
    const clock = { ahead: 0 };
    const now = () => Date.now() * 1000 + clock.ahead;
    this.#clock = clock;
    this.#contexts = [0, 1].map(() => ({
      ...systemContext(createDynamoStore({ ...table, now, random: Math.random })),
      now,
    }));
  }

  static async begin(table: FreshTable): Promise<History> {
    const history = new History(table);
    const [context] = history.#contexts;
    if (!context) throw new Error('no process');
    const name = `p-${randomUUID()}`;
    history.#pool = await createPool(context, { name, type: 'process' });
    const { flow } = await createFlow(context, { name, tags: [], labels: null });
    const made = await createDeployment(context, { name: 'd', flowId: flow.id, poolName: name });
    history.#deployment = made.deployment;
    const creating = Array.from({ length: RUNS }, () =>
      createRunOfDeployment(context, made.deployment, {}),
    );
    history.#runs = (await Promise.all(creating)).map(({ run }) => run.id);
    for (let i = 0; i < AGENTS; i++) await history.#open(i);
    return history;
  }

  get scopes(): Record<Kind, Scope> {
    return {
      pool: { kind: 'pool', id: this.#pool.id },
      queue: { kind: 'queue', id: this.#pool.defaultQueueId },
      deployment: { kind: 'deployment', id: this.#deployment.id },
    };
  }

  /** Takes steps at once; what a step is refused is no fault. */
  async round(steps: readonly Step[]): Promise<void> {
    const before = await this.#look();
    const taking = steps.map((step) => this.#take(step, this.#process()));
    const failed = (await Promise.allSettled(taking)).filter((one) => one.status === 'rejected');
    const fault = failed.find(({ reason }) => !isExpected(reason));
    if (fault) throw fault.reason;
    for (const agent of this.#agents) if (!agent.dead) await this.#beat(agent);
    const after = await this.#look();
    for (const kind of KINDS) check(kind, before, after);
  }

  /** A Lambda may be any of them. */
  #process(): Context {
    const context = this.#contexts[this.#turn++ % this.#contexts.length];
    if (!context) throw new Error('no process');
    return context;
  }

  async #take(step: Step, context: Context): Promise<unknown> {
    const run = 'run' in step ? (this.#runs[step.run % RUNS] ?? '') : '';
    switch (step.kind) {
      case 'poll':
        return this.#poll(context, step.agent, step.limit);
      case 'direct': {
        const identity = { ...NOBODY, workerName: `w${step.name}` };
        const state = { type: step.type, transitionId: randomUUID() };
        return setState(context, { runId: run, state, force: false, identity });
      }
      case 'end': {
        // By force, as an operator: whoever holds it. A suspension ends the claim, too.
        const details = step.type === 'PAUSED' ? { details: { pause_reschedule: true } } : {};
        const state = { type: step.type, ...details };
        const held = await context.store.readRun(run);
        const identity = held?.claim ? tokenOf(held) : NOBODY;
        return setState(context, { runId: run, state, force: step.type !== 'PAUSED', identity });
      }
      case 'release':
        return releaseRun(context, run, { by: 'test', note: null });
      case 'die':
        return this.#die(context, step.agent);
      case 'limit':
        return this.#limit(context, step.of, step.to);
      case 'pass':
        return this.#pass(context);
    }
  }

  async #poll(context: Context, agent: number, limit: number) {
    const { id, name } = this.#agents[agent % AGENTS] as Agent;
    return claim(context, {
      poolName: this.#pool.name,
      sessionId: id,
      workerName: name,
      claimId: randomUUID(),
      limit,
      start: true,
      repeat: false,
    });
  }

  async #limit(context: Context, of: Kind, to: number | null): Promise<unknown> {
    const { name } = this.#pool;
    if (of === 'pool') return updatePool(context, name, { concurrencyLimit: to });
    if (of === 'queue') {
      return updateQueue(context, () => readQueue(context, name, 'default'), {
        concurrencyLimit: to,
      });
    }
    const { flowId, name: deployment } = this.#deployment;
    const limit = { concurrencyLimit: to === 0 ? 1 : to };
    return createDeployment(context, { flowId, name: deployment, poolName: name, ...limit });
  }

  /** Long enough for a first limit to settle, for caches, and for PENDING without a sign of life. */
  async #pass(context: Context): Promise<void> {
    this.#clock.ahead += 14 * SECOND;
    for (const scope of Object.values(this.scopes)) await settleLimit(context, scope);
  }

  /** Silent past its lease, while the others beat; then its place is taken by another. */
  async #die(context: Context, index: number): Promise<void> {
    const agent = this.#agents[index % AGENTS] as Agent;
    if (agent.dead) return;
    agent.dead = true;
    for (let step = 0; step < 4; step++) {
      this.#clock.ahead += 9 * SECOND;
      for (const other of this.#agents) if (!other.dead) await this.#beat(other);
    }
    await sweep(context);
    await this.#open(index % AGENTS);
  }

  async #open(index: number): Promise<void> {
    const agent = { id: randomUUID(), name: `a${index}-${randomUUID()}`, dead: false };
    await this.#beat(agent, true);
    this.#agents[index] = agent;
  }

  async #beat({ id, name }: Agent, started = false): Promise<void> {
    await heartbeat(this.#process(), {
      poolName: this.#pool.name,
      sessionId: id,
      workerName: name,
      host: null,
      started,
      capacity: 9,
      runs: [],
      ended: false,
    });
  }

  async #look(): Promise<Look> {
    const [context] = this.#contexts;
    if (!context) throw new Error('no process');
    const scopes = this.scopes;
    const slots = await Promise.all(
      KINDS.map(async (kind) => [kind, await context.store.readSlots(scopes[kind])] as const),
    );
    const runs = await context.store.readRuns(this.#runs);
    return { slots: new Map(slots), runs: new Map(runs.map((run) => [run.id, run])) };
  }
}

interface Look {
  readonly slots: ReadonlyMap<Kind, Awaited<ReturnType<Context['store']['readSlots']>>>;
  readonly runs: ReadonlyMap<string, Run>;
}

const tokenOf = ({ id, attempt, claim: held }: Run) => ({
  ...NOBODY,
  claimToken: `${id}.${attempt}.${held?.secret}`,
});

/** Told by a clear code: lost to another, not held any more, too busy. */
const isExpected = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code !== 'internal';

function check(kind: Kind, before: Look, after: Look): void {
  const [was, is] = [before.slots.get(kind), after.slots.get(kind)];
  if (!was || !is) throw new Error('nothing was looked at');
  checkSlots(kind, is.held, after.runs);
  // Claims decided by older records may land while a first limit settles; then they get their slots.
  const { limit, settlesAt, version } = is.limit;
  if (version !== was.limit.version || limit === null || settlesAt !== null) return;
  const claims = [...after.runs.values()].filter((run) => run.claim);
  if (claims.length !== is.held.length) {
    throw new Error(`${claims.length} claims in the ${kind}, and ${is.held.length} slots`);
  }
  // What was admitted left no more held than the limit allows: afterwards there were only ends.
  const admitted = claims.some(({ id, attempt }) => before.runs.get(id)?.attempt !== attempt);
  if (admitted && is.held.length > limit) {
    throw new Error(`${is.held.length} held in the ${kind}, over its limit of ${limit}`);
  }
}

/** Each slot is of a live claim of that attempt, which knows it; and each claim has what it knows. */
function checkSlots(kind: Kind, held: readonly Slot[], runs: Look['runs']): void {
  const inItems = [...runs.values()].flatMap((run) =>
    run.slots
      .filter(({ scope }) => scope.kind === kind)
      .map(({ k }) => `${k}: ${run.id} ${run.claim ? run.attempt : 'not claimed'}`),
  );
  const inSlots = held.map(({ k, runId, attempt }) => `${k}: ${runId} ${attempt}`);
  if (inItems.sort().join() === inSlots.sort().join()) return;
  throw new Error(`slots of the ${kind}: runs have ${inItems}, and the limit has ${inSlots}`);
}
