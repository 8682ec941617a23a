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
    .description(
      'start an agent, which runs until SIGINT or SIGTERM; a second signal stops it at once',
    )
    .requiredOption('-p, --pool <name>', 'the work pool to poll')
    .option('-q, --queue <name>', 'poll only this queue of the pool (may be repeated)', append, [])
    .option(
      '-l, --limit <n>',
      'the most runs to execute at once (default: the number of cores)',
      count,
    )
    .option(
      '-n, --name <name>',
      'the name of the agent (default: the host name and six random characters)',
    )
    .option(
      '--state-dir <dir>',
      'where an agent with a --name stores its session id (default: ~/.local/state/dibs)',
    )
    .option(
      '--drain-seconds <n>',
      'once stopped, give back runs that have not ended after n seconds (default: let them end)',
      count,
    )
    .option('--url <url>', 'the address of the API (env: DIBS_API_URL, PREFECT_API_URL)', apiUrl())
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
  // Idle connections to the server would keep the process alive for some seconds more.
  process.exit(signals.seen > 1 ? 1 : 0);
}

/** The first signal stops the agent once its runs have ended. A second signal kills the runs. */
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
  // Left out for people: run_started follows run_claimed within milliseconds.
  if (event.type !== 'run_claimed') process.stderr.write(`${eventText(event)}\n`);
}

function append(value: string, values: string[]): string[] {
  return [...values, value];
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('Expected a whole number of at least 1.');
}
