import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type FlowDefinition, type FlowLog, flowDefinition } from '../sdk/flow-definition.ts';
import type { ChildEnd, Loaded, Order, Thrown } from './child-messages.ts';

interface Agent {
  readonly signal: AbortSignal;
  log(level: number, message: string): void;
  /** Tells the agent what the flow asks for; settles when the flow may run. */
  loaded(options: Loaded): Promise<void>;
}

/** Imports the module, finds the flow in it and calls it. Never rejects. */
export async function executeFlow(
  order: Extract<Order, { type: 'flow' }>,
  agent: Agent,
): Promise<ChildEnd> {
  holdLifeline();
  const flow = await load(order);
  if (typeof flow === 'string') return { type: 'not_loaded', message: flow };
  const { retries = 0, retryDelaySeconds = 0, timeoutSeconds } = flow.options;
  await agent.loaded({ retries, retryDelaySeconds, timeoutSeconds });
  try {
    const checked = await flow.check(order.parameters);
    if (!checked.ok) return { type: 'unfit', message: checked.message };
    const { runId, attempt, runCount } = order;
    const context = { runId, attempt, runCount, signal: agent.signal, log: flowLog(agent) };
    return serialise(flow.name, await flow.call(checked.value, context));
  } catch (error) {
    return { type: 'threw', error: thrown(error) };
  }
}

/** The definition, or a sentence that says why there is none. */
async function load({
  file,
  exportName,
}: {
  file: string;
  exportName: string;
}): Promise<FlowDefinition | string> {
  let module: Record<string, unknown>;
  try {
    module = await import(pathToFileURL(file).href);
  } catch (error) {
    const { name, message } = thrown(error);
    return `The module ${file} cannot be loaded. ${name}: ${message}`;
  }
  const flow = flowDefinition(module[exportName]);
  if (flow) return flow;
  const flows = Object.keys(module).filter((key) => flowDefinition(module[key]));
  const found = flows.length > 0 ? `it exports ${flows.join(', ')}` : 'it exports no flow';
  return `${basename(file)} exports no flow called ${exportName}; ${found}. Expected what flow() gives.`;
}

function serialise(name: string, result: unknown): ChildEnd {
  let why = `it is a ${typeof result}`;
  try {
    const json = result === undefined ? 'null' : JSON.stringify(result);
    if (json !== undefined) return { type: 'returned', json };
  } catch (error) {
    why = thrown(error).message;
  }
  return { type: 'unfit', message: `What ${name} returned cannot be kept as JSON: ${why}` };
}

function flowLog({ log }: Agent): FlowLog {
  return {
    debug: (message) => log(10, String(message)),
    info: (message) => log(20, String(message)),
    warn: (message) => log(30, String(message)),
    error: (message) => log(40, String(message)),
  };
}

function thrown(error: unknown): Thrown {
  if (error instanceof Error) {
    return { name: error.name, message: error.message, stack: error.stack };
  }
  return { name: 'Error', message: String(error), stack: undefined };
}

/** A flow that computes without a pause would not notice that the agent is gone: a thread does. */
function holdLifeline(): void {
  const file = import.meta.url.endsWith('.ts') ? './lifeline.ts' : './lifeline.js';
  new Worker(new URL(file, import.meta.url)).unref();
}
