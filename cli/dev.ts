import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ToldClaim } from '../core/context.ts';
import { UserError } from '../local/user-error.ts';
import { onStopSignal } from './terminal/signals.ts';

interface DevOptions {
  readonly port: number;
  readonly data: string;
  readonly fresh?: true;
  readonly services: boolean;
  readonly allowHost: readonly string[];
}

/** Adds `dibs dev`, which runs the local stack until Ctrl-C. */
export function registerDev(program: Command): void {
  program
    .command('dev')
    .description('run dibs on this machine: the API, on DynamoDB Local (needs Java 17 or newer)')
    .option(
      '--port <port>',
      'the port of 127.0.0.1 to listen on; 0 picks a free one',
      parsePort,
      4200,
    )
    .addOption(
      new Option('--data <dir>', 'where the data is kept').default('.dibs/data').conflicts('fresh'),
    )
    .option('--fresh', 'start with no data, and keep the new data in memory only')
    .option('--no-services', 'run the API only, without timers (such as the sweeper, every minute)')
    .option(
      '--allow-host <name>',
      'also serve requests to this host name, and pages of it: for proxies and containers; ' +
        '.example.com means every name below example.com (repeatable)',
      parseHost,
      [],
    )
    .addHelpText(
      'after',
      '\nEnvironment:\n  DIBS_DYNAMODB_ENDPOINT  use the DynamoDB at this URL instead of starting one' +
        '\n  DIBS_ALLOWED_HOSTS      more host names for --allow-host, separated by commas' +
        '\n  JAVA_HOME               the Java to use instead of the one on PATH',
    )
    .action(runDev);
}

async function runDev(options: DevOptions): Promise<void> {
  const stopped = untilSignal();
  const { DIBS_DYNAMODB_ENDPOINT, DIBS_ALLOWED_HOSTS = '' } = process.env;
  const allowedHosts = [...options.allowHost, ...hostsOf(DIBS_ALLOWED_HOSTS)];
  const dynamodbEndpoint = DIBS_DYNAMODB_ENDPOINT || undefined;
  const data = options.fresh ? 'memory' : options.data;
  const { startLocalStack } = await import('../local/stack.ts');
  const { port, services } = options;
  // A signal during the start takes effect after it, a second or two later: only then can we stop.
  const started = startLocalStack({
    port,
    data,
    dynamodbEndpoint,
    services,
    allowedHosts,
    tell: printClaim,
  });
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

/** Resolves at the first SIGINT or SIGTERM. A second signal ends this process at once. */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    onStopSignal((count) => (count > 1 ? process.exit(1) : resolve()));
  });
}

function parsePort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('Expected a number from 0 to 65535.');
}

function parseHost(text: string, before: readonly string[]): readonly string[] {
  if (isHost(text)) return [...before, text.toLowerCase()];
  throw new InvalidArgumentError(HOST_EXPECTED);
}

/** The names in DIBS_ALLOWED_HOSTS. */
function hostsOf(list: string): string[] {
  const names = list.split(',').flatMap((name) => name.trim().toLowerCase() || []);
  const wrong = names.find((name) => !isHost(name));
  if (wrong === undefined) return names;
  throw new UserError(`DIBS_ALLOWED_HOSTS: ${HOST_EXPECTED} Found ${JSON.stringify(wrong)}.`);
}

const isHost = (text: string): boolean => /^\.?[\w-]+(\.[\w-]+)*$/.test(text);
const HOST_EXPECTED =
  'Expected a host name such as dibs.example.com, without a scheme and without a port.';

function portError(error: unknown, port: number): unknown {
  const code = error instanceof Error && 'syscall' in error && error.syscall === 'listen';
  if (!code) return error;
  const why =
    (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'is in use' : 'cannot be used';
  return new UserError(
    `port ${port} of 127.0.0.1 ${why} (${(error as NodeJS.ErrnoException).code}); stop the ` +
      'program that listens there, or choose another port with --port (0 picks a free one).',
  );
}
