import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ToldClaim } from '../core/context.ts';
import { UserError } from '../local/user-error.ts';
import { onStopSignal } from './terminal/signals.ts';

interface DevOptions {
  readonly port: number;
  readonly data: string;
  readonly fresh?: true;
  readonly services: boolean;
}

/** `dibs dev`: the local stack, until Ctrl-C. */
export function registerDev(program: Command): void {
  program
    .command('dev')
    .description('run dibs on this machine: the API, on DynamoDB Local (needs Java 17 or newer)')
    .option('--port <port>', 'port of 127.0.0.1 to listen on; 0 picks one', parsePort, 4200)
    .addOption(
      new Option('--data <dir>', 'where the data is kept').default('.dibs/data').conflicts('fresh'),
    )
    .option('--fresh', 'start empty, in memory, and keep nothing')
    .option('--no-services', 'no timers beside the API (the sweeper, every minute)')
    .addHelpText(
      'after',
      '\nEnvironment:\n  DIBS_DYNAMODB_ENDPOINT  use the DynamoDB there instead of starting one' +
        '\n  JAVA_HOME               the Java to use, rather than the one on PATH',
    )
    .action(runDev);
}

async function runDev(options: DevOptions): Promise<void> {
  const stopped = untilSignal();
  const { DIBS_DYNAMODB_ENDPOINT } = process.env;
  const dynamodbEndpoint = DIBS_DYNAMODB_ENDPOINT || undefined;
  const data = options.fresh ? 'memory' : options.data;
  const { startLocalStack } = await import('../local/stack.ts');
  const { port, services } = options;
  // A signal in between waits for the start, a second or two: then there is something to stop.
  const started = startLocalStack({ port, data, dynamodbEndpoint, services, tell: printClaim });
  const stack = await started.catch((error) => {
    throw portError(error, port);
  });
  console.log(`ready ${stack.url}`);
  console.error(`data: ${dynamodbEndpoint ?? (options.fresh ? 'in memory, not kept' : data)}`);
  console.error(`for Prefect: export PREFECT_API_URL=${stack.url}`);
  const broken = await Promise.race([stopped, stack.broken]);
  console.error('stopping');
  await stack.stop();
  if (broken) throw broken;
  process.exit(0);
}

const printClaim = ({ runId, worker, sessionId }: ToldClaim): void =>
  console.error(`claimed ${runId} by ${worker ?? `session ${sessionId}`}`);

/** Settles at the first SIGINT or SIGTERM. A second one ends this process at once. */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    onStopSignal((count) => (count > 1 ? process.exit(1) : resolve()));
  });
}

function parsePort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('It must be a number from 0 to 65535.');
}

function portError(error: unknown, port: number): unknown {
  const code = error instanceof Error && 'syscall' in error && error.syscall === 'listen';
  if (!code) return error;
  const why = (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'is in use' : 'is not ours';
  return new UserError(
    `port ${port} of 127.0.0.1 ${why} (${(error as NodeJS.ErrnoException).code}); stop what ` +
      'listens there, or choose another with --port (0 picks one).',
  );
}
