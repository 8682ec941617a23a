import { randomUUID } from 'node:crypto';
import { claim } from '../../core/claim.ts';
import { formatClaimToken } from '../../core/claim-token.ts';
import { type Identity, NOBODY } from '../../core/claimants.ts';
import type { Context } from '../../core/context.ts';
import { createRunOfDeployment } from '../../core/create-run.ts';
import { createDeployment } from '../../core/deployments.ts';
import { DibsError } from '../../core/errors.ts';
import { createFlow } from '../../core/flows.ts';
import { heartbeat } from '../../core/heartbeat.ts';
import { type Instant, SECOND } from '../../core/instant.ts';
import { createPool, updatePool } from '../../core/pools.ts';
import { updateQueue } from '../../core/queues.ts';
import type { Deployment } from '../../core/records.ts';
import { releaseRun } from '../../core/release-run.ts';
import type { Run } from '../../core/run.ts';
import { setState } from '../../core/set-state.ts';
import type { StateType } from '../../core/state.ts';
import { sweep } from '../../core/sweep.ts';
import { systemContext } from '../../lambdas/context.ts';
import { createDynamoStore } from '../../store/index.ts';
import type { FreshTable } from '../support/dynamodb.ts';
import { AGENTS, type Operation, RUNS } from './limits-operations.ts';
import { testClock } from './test-clock.ts';
import { watchLimits } from './watch-limits.ts';

type Of<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>;

const POOL = 'pool';
const QUEUE = 'default';
const OPERATOR = { by: 'a test', note: null };
const SERVERS = 2;

/** One pool, one queue, two deployments; agents, workers and an operator; and two server processes. */
export class LimitsHistory {
  readonly excesses: string[] = [];
  readonly runs: string[] = [];
  /** Past all caches. */
  readonly probe;
  readonly #clock = testClock();
  readonly #servers: readonly Context[];
  readonly #tokens = new Map<string, string[]>();
  readonly #workers = new Map<string, string>();
  #agents: string[] = [];
  #deployments: Deployment[] = [];
  #flowId = '';
  #calls = 0;

  constructor(table: FreshTable) {
    const { now } = this.#clock;
    const open = () => createDynamoStore({ ...table, now, random: Math.random });
    this.probe = open();
    const report = (excess: string) => this.excesses.push(excess);
    this.#servers = Array.from({ length: SERVERS }, () => ({
      ...systemContext(watchLimits(open(), this.probe, report)),
      now,
    }));
  }

  /** For reading what has become of it all. */
  get context(): Context {
    return { ...(this.#servers[0] as Context), store: this.probe };
  }

  /** Whichever process the request gets to. */
  get #context(): Context {
    this.#calls += 1;
    return this.#servers[this.#calls % SERVERS] as Context;
  }

  async begin(limits: ReadonlyArray<number | null>): Promise<void> {
    const [pool = null, queue = null, ...deployments] = limits;
    await createPool(this.#context, { name: POOL, concurrencyLimit: pool });
    this.#flowId = (await createFlow(this.#context, { name: 'f' })).flow.id;
    await updateQueue(this.#context, POOL, QUEUE, { concurrencyLimit: queue });
    for (const limit of deployments) await this.#deploy(this.#deployments.length, limit);
    for (let i = 0; i < RUNS; i++) await this.#create(i % deployments.length);
    for (let i = 0; i < AGENTS; i++) await this.#open(i);
  }

  /** What is refused, or outrun by others, is no news. */
  async take(operation: Operation): Promise<void> {
    try {
      await this.#take(operation);
    } catch (error) {
      if (!(error instanceof DibsError)) throw error;
    }
  }

  /** In steps of less than a lease, with a heartbeat of everybody in each. */
  async pass(seconds: number): Promise<void> {
    for (let left = seconds * SECOND; left > 0; left -= STEP) {
      this.#clock.jump(Math.min(left, STEP));
      for (const sessionId of this.#agents) await this.#beat(sessionId, false).catch(() => {});
    }
  }

  /** Whatever was held goes back; then a claim of each agent after the other, to its end. */
  async bringHome(): Promise<boolean> {
    for (const run of this.runs.keys()) await this.take({ kind: 'release', run });
    for (let round = 0; round < 4 * RUNS; round++) {
      const runs = await this.probe.readRuns(this.runs);
      if (runs.every(({ stateType }) => ENDED.has(stateType))) return true;
      await this.take({ kind: 'claim', agent: round % AGENTS, atMost: 3, start: true });
      const held = (await this.probe.readRuns(this.runs)).filter((run) => run.claim);
      for (const { id } of held) {
        const run = this.runs.indexOf(id);
        await this.take({ kind: 'propose', run, type: 'COMPLETED', stale: false });
      }
      this.#clock.jump(SECOND);
    }
    return false;
  }

  #take(operation: Operation): Promise<unknown> {
    const of = (run: number) => this.runs[run % this.runs.length] ?? '';
    switch (operation.kind) {
      case 'claim':
        return this.#claim(operation);
      case 'claim directly':
        return this.#claimDirectly(of(operation.run), operation);
      case 'propose':
        return this.#propose(of(operation.run), operation);
      case 'release':
        return releaseRun(this.#context, of(operation.run), OPERATOR);
      case 'force':
        return this.#setState(of(operation.run), operation.type, NOBODY, true);
      case 'cancel':
        return this.#setState(of(operation.run), 'CANCELLING', NOBODY);
      case 'create':
        return this.#create(operation.deployment);
      case 'limit':
        return this.#limit(operation);
      case 'sweep':
        return sweep(this.#context);
      case 'die':
        return this.#open(operation.agent);
    }
  }

  async #claim({ agent, atMost, start }: Of<'claim'>): Promise<void> {
    const { runs } = await claim(this.#context, {
      poolName: POOL,
      sessionId: this.#agents[agent] ?? '',
      workerName: `agent-${agent}`,
      claimId: randomUUID(),
      limit: atMost,
      start,
      repeat: false,
    });
    for (const run of runs) this.#keepToken(run);
  }

  #keepToken({ id, attempt, claim: mine }: Run): void {
    const token = formatClaimToken({ runId: id, attempt, secret: mine?.secret ?? '' });
    this.#tokens.set(id, [...(this.#tokens.get(id) ?? []), token]);
    this.#workers.delete(id);
  }

  async #claimDirectly(id: string, { worker, start }: Of<'claim directly'>): Promise<void> {
    const workerName = `worker-${worker}`;
    const type = start ? 'RUNNING' : 'PENDING';
    const { status } = await this.#setState(id, type, { ...NOBODY, workerName });
    if (status === 'ACCEPT') this.#workers.set(id, workerName);
  }

  async #propose(id: string, { type, stale }: Of<'propose'>): Promise<void> {
    const tokens = this.#tokens.get(id) ?? [];
    const workerName = this.#workers.get(id);
    const claimToken = tokens.at(stale ? 0 : -1);
    if (workerName !== undefined && !stale)
      await this.#setState(id, type, { ...NOBODY, workerName });
    else if (claimToken !== undefined) await this.#setState(id, type, { ...NOBODY, claimToken });
  }

  #setState(runId: string, type: StateType, identity: Identity, force = false) {
    const state = { type, transitionId: randomUUID() };
    return setState(this.#context, { runId, state, force, identity });
  }

  async #create(deployment: number): Promise<void> {
    const { run } = await createRunOfDeployment(
      this.#context,
      this.#deployments[deployment] as Deployment,
      {},
    );
    this.runs.push(run.id);
  }

  /** In the order of scopes: the pool, the queue, the deployments. */
  async #limit({ scope, to: concurrencyLimit }: Of<'limit'>): Promise<void> {
    if (scope === 0) await updatePool(this.#context, POOL, { concurrencyLimit });
    else if (scope === 1) await updateQueue(this.#context, POOL, QUEUE, { concurrencyLimit });
    else await this.#deploy(scope - 2, concurrencyLimit);
  }

  async #deploy(i: number, concurrencyLimit: number | null): Promise<void> {
    const wish = { flowId: this.#flowId, name: `d${i}`, poolName: POOL, concurrencyLimit };
    this.#deployments[i] = (await createDeployment(this.#context, wish)).deployment;
  }

  /** Who was there before is silent from now on. */
  async #open(agent: number): Promise<void> {
    const sessionId = randomUUID();
    await this.#beat(sessionId, true);
    this.#agents[agent] = sessionId;
  }

  #beat(sessionId: string, started: boolean) {
    return heartbeat(this.#context, {
      poolName: POOL,
      sessionId,
      workerName: sessionId,
      host: null,
      started,
      capacity: 10,
      runs: [],
      ended: false,
    });
  }
}

const STEP: Instant = 9 * SECOND;
const ENDED: ReadonlySet<StateType> = new Set(['COMPLETED', 'CANCELLED', 'FAILED', 'CRASHED']);
