import { writeFileSync } from 'node:fs';
import { type Deployed, deploy } from '../../../sdk/index.ts';
import { counted, endsWhenAsked, waitsForGate } from '../../agent/flows.ts';
import { executionsFile, inFlows, until } from '../../agent/test-agent.ts';
import type { Fate } from '../../support/faulty-proxy.ts';
import { type RunningScript, runNode } from '../../support/processes.ts';
import { LIMITED } from '../table/every-place.ts';
import { type AgentPlace, askedIn, stoppingAtClaim } from './agent-places.ts';
import { cancelAsUser, setScene } from './scenes.ts';
import { type Work, World } from './world.ts';

const FLOWS = { counted, endsWhenAsked, waitsForGate };

export interface LifeOptions {
  readonly place: AgentPlace;
  /** What happens to the first message with which the agent takes its step. */
  readonly fate?: (agent: RunningScript) => Fate;
}

/** The real `dibs agent start` in its own world, on its way to a place. */
export class AgentLife implements AsyncDisposable {
  readonly world: World;
  readonly work: Work;
  readonly agent: RunningScript;
  readonly #executions: ReturnType<typeof executionsFile>;

  private constructor(
    world: World,
    work: Work,
    agent: RunningScript,
    executions: ReturnType<typeof executionsFile>,
  ) {
    this.world = world;
    this.work = work;
    this.agent = agent;
    this.#executions = executions;
  }

  static async begin({ place, fate }: LifeOptions): Promise<AgentLife> {
    const world = await World.create();
    const executions = executionsFile();
    const work = await workAt(world, place, executions.path);
    const agent = startAgentProcess(world, work.pool);
    meddle(world, place, agent, fate?.(agent));
    const life = new AgentLife(world, work, agent, executions);
    if (place.cancels) await life.#cancelAll();
    return life;
  }

  /** The process ids of this agent's executions, in order. */
  get pids(): number[] {
    return this.#executions.lines().flatMap((line) => Number(line.split(' ')[1]) || []);
  }

  /** Lets the flows that wait for the gate end. */
  openGate(): void {
    writeFileSync(gateOf(this.#executions.path), '');
  }

  /** Checks that the agent works again: it executes a run that no other agent can claim. */
  async expectHealthy(): Promise<void> {
    const { client, probe } = this.world;
    const deployed = await deploy(counted, inFlows(client, this.work.pool, 'counted'));
    const before = this.pids.length;
    const { id } = await deployed.run({ path: this.#executions.path });
    await until(async () => (await probe.readRun(id))?.stateType === 'COMPLETED');
    await until(() => this.pids.length > before);
  }

  async #cancelAll(): Promise<void> {
    await until(() => this.pids.length === this.work.runs.length);
    for (const id of this.work.runs) await cancelAsUser(this.world, id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.agent.child.kill('SIGKILL');
    await this.agent.ended;
    await this.world[Symbol.asyncDispose]();
    this.#executions[Symbol.dispose]();
  }
}

/**
 * Each agent has its own name, because agents of the same name on one machine share a state file.
 */
export function startAgentProcess(
  world: World,
  pool: string,
  env: NodeJS.ProcessEnv = {},
): RunningScript {
  const url = `http://127.0.0.1:${world.proxy.port}/api`;
  const args = ['--url', url, '--pool', pool, '--limit', '3', '--name', `agent-of-${pool}`];
  return runNode(['cli/main.ts', 'agent', 'start', ...args, '--json'], env);
}

const gateOf = (path: string): string => `${path}.gate`;

/** Two runs for the agent, or the runs that another agent left behind when it died. */
async function workAt(world: World, place: AgentPlace, path: string): Promise<Work> {
  if (place.afterDeath) return (await setScene(world, 'recover', LIMITED)).work;
  const work = await world.work(LIMITED, 0);
  // There is no other agent than the real one.
  work.a.dead = true;
  const flow = FLOWS[place.flow];
  const options = inFlows(world.client, work.pool, place.flow);
  const deployed: Pick<Deployed<never, unknown>, 'id'> = await deploy(flow as never, options);
  const gate = place.flow === 'waitsForGate' ? { gate: gateOf(path) } : {};
  const make = () =>
    world.client.createFlowRunFromDeployment({
      id: deployed.id,
      body: { parameters: { path, ...gate } },
    });
  return { ...work, runs: [(await make()).id, (await make()).id] };
}

function meddle(world: World, place: AgentPlace, agent: RunningScript, fate: Fate | undefined) {
  const stopping = place.stops ? stoppingAtClaim(() => agent.child.kill('SIGTERM')) : undefined;
  let isOver = false;
  world.proxy.meddle = (exchange) => {
    const asked = askedIn(exchange);
    if (isOver || !place.isMessage(asked)) return stopping?.(asked);
    isOver = true;
    return fate;
  };
}
