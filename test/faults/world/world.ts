import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Client, createClient } from '../../../client/index.ts';
import { isFinal } from '../../../model/runs/state.ts';
import type { Store } from '../../../model/store.ts';
import { type Instant, SECOND } from '../../../model/values/instant.ts';
import { createDynamoStore } from '../../../store/index.ts';
import { type FreshTable, freshTable } from '../../support/dynamodb.ts';
import { type FaultyProxy, startFaultyProxy } from '../../support/faulty-proxy.ts';
import { laggingIndex } from '../../support/lagging-index.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { createRuns } from '../../support/work.ts';
import { watchLimits } from '../invariants/watch-limits.ts';
import { ApiAgent } from './api-agent.ts';
import { createLimitedWork, type Limits } from './limited-work.ts';
import { type TestClock, testClock } from './test-clock.ts';

export interface WorldOptions {
  /** Adds a proxy in front of DynamoDB, too. */
  readonly databaseProxy?: boolean;
  readonly onClient?: (client: DynamoDBClient) => void;
  readonly wrapStore?: (store: Store, clock: TestClock) => Store;
  /** How far the dispatch index is behind. */
  readonly lag?: Instant;
}

/** A pool of a world, with its runs, an agent that meets the fault, and a healthy agent. */
export interface Work {
  readonly pool: string;
  readonly deploymentId: string;
  readonly limits: Limits;
  readonly runs: readonly string[];
  readonly a: ApiAgent;
  readonly b: ApiAgent;
}

/**
 * One server on its own table, behind a proxy that all agents use, with a clock that the test
 * moves.
 */
export class World implements AsyncDisposable {
  readonly clock = testClock();
  /** Everything that was wrong with the limits at any time. */
  readonly excesses: string[] = [];
  readonly #options: WorldOptions;
  /** The table, without any faults. */
  readonly table: FreshTable;
  readonly probe: Store;
  readonly #closing = new AsyncDisposableStack();
  #restarted = Promise.withResolvers<void>();
  #stack: TestStack | undefined;
  #proxy: FaultyProxy | undefined;
  #databaseProxy: FaultyProxy | undefined;

  private constructor(options: WorldOptions, table: FreshTable) {
    this.#options = options;
    this.table = table;
    const { now } = this.clock;
    this.probe = createDynamoStore({ ...table, now, random: Math.random });
    this.#closing.defer(() => table.client.destroy());
  }

  static async create(options: WorldOptions = {}): Promise<World> {
    const world = new World(options, await freshTable());
    await world.restartServer();
    world.#proxy = world.#closing.use(await startFaultyProxy(world.stack.url));
    return world;
  }

  get stack(): TestStack {
    return there(this.#stack);
  }
  /** The proxy between the agents and the server. */
  get proxy(): FaultyProxy {
    return there(this.#proxy);
  }
  /** The proxy between the server and DynamoDB. */
  get databaseProxy(): FaultyProxy {
    return there(this.#databaseProxy);
  }
  /** The address at which agents and users reach the server. */
  get client(): Client {
    return createClient({ url: `http://127.0.0.1:${this.proxy.port}/api` });
  }

  /** From now on, another process serves the same table. Everything that was in memory is gone. */
  async restartServer(): Promise<void> {
    const { onClient, databaseProxy } = this.#options;
    this.#restarted.resolve();
    this.#restarted = Promise.withResolvers();
    const stack = await startTestStack({
      table: this.table,
      context: { now: this.clock.now, random: () => 0 },
      wrapStore: (store) =>
        watchLimits(this.#wrapped(store), this.probe, (excess) => this.excesses.push(excess)),
      ...(onClient ? { onClient } : {}),
      ...(databaseProxy ? { endpoint: (endpoint) => this.#proxyTo(endpoint) } : {}),
    });
    this.#closing.defer(() => stack.stop());
    this.#stack = stack;
    this.#proxy?.retarget(Number(new URL(stack.url).port));
  }

  #wrapped(store: Store): Store {
    const { wrapStore, lag } = this.#options;
    const wrapped = wrapStore?.(store, this.clock) ?? store;
    return lag === undefined ? wrapped : laggingIndex(wrapped, this.clock.now, lag);
  }

  /**
   * Resolves when another process serves. Callers then need not wait for the present one any
   * longer.
   */
  get restarted(): Promise<void> {
    return this.#restarted.promise;
  }

  async #proxyTo(endpoint: string): Promise<string> {
    this.#databaseProxy ??= this.#closing.use(await startFaultyProxy(endpoint));
    return `http://127.0.0.1:${this.#databaseProxy.port}`;
  }

  /** Creates a pool with waiting runs. Its agents have no session yet. */
  async work(limits: Limits, count = 3): Promise<Work> {
    const { pool, deployment } = await createLimitedWork(this.stack.client, limits);
    const runs = await createRuns(this.stack.client, deployment.id, count);
    // By then, the index shows the runs.
    this.clock.jump(this.#options.lag ?? 0);
    const agent = (name: string) => new ApiAgent(this.client, pool, name);
    return { pool, deploymentId: deployment.id, limits, runs, a: agent('a'), b: agent('b') };
  }

  /**
   * Lets time pass in steps of less than a third of a lease, and every living agent sends a
   * heartbeat in each step. A longer gap would be an outage, after which no agent is taken for dead
   * at once.
   */
  async passTime(by: Instant, ...agents: readonly ApiAgent[]): Promise<void> {
    for (let left = by; left > 0; left -= STEP) {
      this.clock.jump(Math.min(left, STEP));
      for (const agent of agents) if (!agent.dead) await agent.beat();
    }
  }

  /** After the fault, lets all living agents continue until every run has ended. */
  async bringHome({ a, b, runs }: Work): Promise<void> {
    for (let round = 0; round < 15; round++) {
      for (const agent of [a, b]) if (!agent.dead) await agent.live();
      const found = await this.probe.readRuns(runs);
      if (found.every(({ stateType }) => isFinal(stateType))) return;
      await this.passTime(STEP, a, b);
    }
    throw new Error('after more than two minutes there are runs that have not ended');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#closing.disposeAsync();
  }
}

const STEP = 9 * SECOND;

function there<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('this world has none');
  return value;
}
