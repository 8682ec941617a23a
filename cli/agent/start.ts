import { type Command, InvalidArgumentError } from 'commander';
import type { Agent } from '../../agent/agent.ts';
import { type AgentEvent, eventText } from '../../agent/events.ts';
import { apiUrl } from '../../client/api-url.ts';
import { UserError } from '../../local/user-error.ts';
import { onStopSignal } from '../terminal/signals.ts';

interface StartOptions {
  readonly pool: string;
  readonly queue: string[];
  readonly limit?: number;
  readonly name?: string;
  readonly stateDir?: string;
  readonly drainSeconds?: number;
  readonly url: string;
  readonly json?: true;
}

/** Adds `dibs agent start`. */
export function registerAgent(program: Command): void {
  program
    .command('agent')
    .description('poll a work pool and execute its runs')
    .command('start')
    .description('start an agent; it runs until SIGINT or SIGTERM, a second one stops it at once')
    .requiredOption('-p, --pool <name>', 'the work pool to poll')
    .option('-q, --queue <name>', 'only this queue of the pool (may be repeated)', append, [])
    .option('-l, --limit <n>', 'runs at once (default: the number of cores)', count)
    .option('-n, --name <name>', 'the name of the agent (default: host name and six characters)')
    .option(
      '--state-dir <dir>',
      'where an agent with a --name keeps which session it has (default: ~/.local/state/dibs)',
    )
    .option(
      '--drain-seconds <n>',
      'once stopped: what has not ended by then is given back (default: it may finish)',
      count,
    )
    .option('--url <url>', 'where the API is (env: DIBS_API_URL, PREFECT_API_URL)', apiUrl())
    .option('--json', 'print each event as one line of JSON on standard output')
    .addHelpText(
      'after',
      '\nExamples:\n  dibs agent start --pool my-pool\n  dibs agent start --pool my-pool --queue urgent --limit 4',
    )
    .action(start);
}

async function start(options: StartOptions): Promise<void> {
  const { pool, queue, limit, name, stateDir, drainSeconds, url, json } = options;
  const { ECS_AGENT_URI: ecsAgentUri } = process.env;
  const { startAgent } = await import('../../agent/agent.ts');
  const agent = startAgent({
    url,
    pool,
    queues: queue,
    ...(limit === undefined ? {} : { limit }),
    ...(name === undefined ? {} : { name }),
    ...(stateDir === undefined ? {} : { stateDir }),
    ...(drainSeconds === undefined ? {} : { drainSeconds }),
    ...(ecsAgentUri ? { ecsAgentUri } : {}),
    onEvent: json ? printJson : printText,
  });
  const signals = stopOnSignals(agent);
  try {
    await agent.ready;
  } catch (error) {
    if (signals.seen === 0) {
      await agent.stopped;
      throw new UserError(
        `the agent cannot start: ${error instanceof Error ? error.message : error}`,
      );
    }
  }
  await agent.stopped;
  // Idle connections to the server would hold the process for some seconds more.
  process.exit(signals.seen > 1 ? 1 : 0);
}

/** The first signal lets what runs end, a second one kills it. */
function stopOnSignals(agent: Agent): { seen: number } {
  const signals = { seen: 0 };
  onStopSignal((count) => {
    signals.seen = count;
    void agent.stop({ kill: count > 1 });
  });
  return signals;
}

function printJson(event: AgentEvent): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`);
}

function printText(event: AgentEvent): void {
  // Claimed is followed by started within milliseconds.
  if (event.type !== 'run_claimed') process.stderr.write(`${eventText(event)}\n`);
}

function append(value: string, values: string[]): string[] {
  return [...values, value];
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('Expected a whole number from 1 on.');
}
