import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Agent, startAgent } from '../../agent/agent.ts';
import type { AgentOptions } from '../../agent/agent-options.ts';
import type { AgentEvent } from '../../agent/events.ts';
import type { Client } from '../../client/index.ts';
import { url as urlOf } from '../support/processes.ts';
import type * as flows from './flows.ts';

type OfType<Type extends AgentEvent['type']> = Extract<AgentEvent, { type: Type }>;

export interface TestAgent extends AsyncDisposable {
  readonly agent: Agent;
  readonly events: readonly AgentEvent[];
  /**
   * Resolves with the first matching event of this type, whether it has happened or is still to
   * come.
   */
  event<Type extends AgentEvent['type']>(
    type: Type,
    fits?: (event: OfType<Type>) => boolean,
  ): Promise<OfType<Type>>;
}

/**
 * Starts an agent in this process, whose children are separate processes. It is killed when it is
 * disposed. By default, it shares its state file with no other agent, not even with those of this
 * machine.
 */
export async function startTestAgent(options: AgentOptions): Promise<TestAgent> {
  const ownStateDir = stateDirectory();
  const events: AgentEvent[] = [];
  const lookers = new Set<() => void>();
  const agent = startAgent({
    stateDir: ownStateDir.path,
    ...options,
    onEvent: (event) => {
      events.push(event);
      for (const look of lookers) look();
    },
  });
  await agent.ready;
  return {
    agent,
    events,
    event: (type, fits = () => true) =>
      new Promise((resolve) => {
        const look = () => {
          const found = events.find((event) => event.type === type && fits(event as never));
          if (!found) return;
          lookers.delete(look);
          resolve(found as never);
        };
        lookers.add(look);
        look();
      }),
    [Symbol.asyncDispose]: async () => {
      await agent.stop({ kill: true });
      ownStateDir[Symbol.dispose]();
    },
  };
}

/** Creates a pool that only this test uses. */
export async function newPool(client: Client, baseJobTemplate = {}): Promise<string> {
  const name = `pool-${randomUUID()}`;
  const body = { name, type: 'process', base_job_template: baseJobTemplate };
  await client.createWorkPool({ body });
  return name;
}

/** The options of `deploy` for a flow in flows.ts. */
export function inFlows(client: Client, pool: string, name: keyof typeof flows) {
  return { name: `in-${pool}`, pool, module: urlOf('test/agent/flows.ts'), export: name, client };
}

/**
 * A file to which flows add a line each time they are executed, which shows what really happened.
 */
export function executionsFile(): { path: string; lines: () => string[] } & Disposable {
  const directory = mkdtempSync(join(tmpdir(), 'dibs-test-'));
  const path = join(directory, 'executions');
  return {
    path,
    lines: () => {
      try {
        return readFileSync(path, 'utf8').trimEnd().split('\n');
      } catch {
        return [];
      }
    },
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Resolves when the condition holds. It is checked often, because no event tells when it does. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** A directory for the state files of agents, which is removed when the test ends. */
export function stateDirectory(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'dibs-test-'));
  return {
    path,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
