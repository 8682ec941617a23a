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
  /** The first event of this type, past or to come, that fits. */
  event<Type extends AgentEvent['type']>(
    type: Type,
    fits?: (event: OfType<Type>) => boolean,
  ): Promise<OfType<Type>>;
}

/**
 * An agent in this process; its children are processes of their own. Killed when it is disposed.
 * Unless told otherwise it shares what it knows of itself with nobody, not with this machine's agents.
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

/** A pool that only this test uses. */
export async function newPool(client: Client, baseJobTemplate = {}): Promise<string> {
  const name = `pool-${randomUUID()}`;
  const body = { name, type: 'process', base_job_template: baseJobTemplate };
  await client.createWorkPool({ body });
  return name;
}

/** Where a flow of flows.ts is: for `deploy`. */
export function inFlows(client: Client, pool: string, name: keyof typeof flows) {
  return { name: `in-${pool}`, pool, module: urlOf('test/agent/flows.ts'), export: name, client };
}

/** A file that flows write a line to each time they are executed: what really happened. */
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

/** Settles when the condition holds; asked often, for nothing tells when it does. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Where agents keep which session they have, gone when the test is. */
export function stateDirectory(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'dibs-test-'));
  return {
    path,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
