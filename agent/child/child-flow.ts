import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type FlowDefinition, type FlowLog, flowDefinition } from '../../sdk/flow-definition.ts';
import type { ChildEnd, Loaded, Order } from './child-messages.ts';
import { asText, describeThrown } from './describe-error.ts';

/** No request can carry a larger result, so the child does not even send one to the agent. */
const LARGEST_RESULT = 6 * 1024 * 1024;

interface Agent {
  readonly signal: AbortSignal;
  log(level: number, message: string): void;
  /** Tells the agent the options of the flow. Resolves when the flow may run. */
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
    return { type: 'threw', error: describeThrown(error) };
  }
}

/** Loads the flow's definition, or returns a sentence that says why there is none. */
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
    const { name, message } = describeThrown(error);
    return `The module ${file} cannot be loaded. ${name}: ${message}`;
  }
  const flow = flowDefinition(module[exportName]);
  if (flow) return flow;
  const flows = Object.keys(module).filter((key) => flowDefinition(module[key]));
  const found = flows.length > 0 ? `it exports ${flows.join(', ')}` : 'it exports no flow';
  return `${basename(file)} exports no flow called ${exportName}; ${found}. Expected the result of flow().`;
}

function serialise(name: string, result: unknown): ChildEnd {
  let why = `it is a ${typeof result}`;
  try {
    const json = result === undefined ? 'null' : JSON.stringify(result);
    if (json !== undefined && json.length <= LARGEST_RESULT) return { type: 'returned', json };
    if (json !== undefined)
      why = `it has ${json.length} characters, which is more than a request can carry`;
  } catch (error) {
    why = describeThrown(error).message;
  }
  return { type: 'unfit', message: `What ${name} returned cannot be kept as JSON: ${why}` };
}

function flowLog({ log }: Agent): FlowLog {
  return {
    debug: (message) => log(10, asText(message)),
    info: (message) => log(20, asText(message)),
    warn: (message) => log(30, asText(message)),
    error: (message) => log(40, asText(message)),
  };
}

/**
 * Starts a thread that notices when the agent is gone. The main thread would not notice while the
 * flow computes without a pause.
 */
function holdLifeline(): void {
  const file = import.meta.url.endsWith('.ts') ? './lifeline.ts' : './lifeline.js';
  new Worker(new URL(file, import.meta.url)).unref();
}
