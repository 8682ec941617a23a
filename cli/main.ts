import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { UserError } from '../local/user-error.ts';
import { registerAgent } from './agent.ts';
import { registerAgentDrain } from './agent-drain.ts';
import { registerAgentLs } from './agent-ls.ts';
import { registerDeploymentSlots } from './deployment-slots.ts';
import { registerDev } from './dev.ts';
import { registerPoolPause } from './pool-pause.ts';
import { registerPoolResume } from './pool-resume.ts';
import { registerPoolSlots } from './pool-slots.ts';
import { registerRunCancel } from './run-cancel.ts';
import { registerRunClaims } from './run-claims.ts';
import { registerRunRelease } from './run-release.ts';
import { registerRunRetry } from './run-retry.ts';
import { registerRunWhy } from './run-why.ts';

/** Each adds its command. What a command needs, it imports when it runs: the rest starts fast. */
const COMMANDS: ReadonlyArray<(program: Command) => void> = [
  registerDev,
  registerAgent,
  registerAgentLs,
  registerAgentDrain,
  registerRunClaims,
  registerRunWhy,
  registerRunRelease,
  registerRunRetry,
  registerRunCancel,
  registerPoolPause,
  registerPoolResume,
  registerPoolSlots,
  registerDeploymentSlots,
];

/** A usage error, as commander counts them, or anything it cannot do. */
const EXIT_USAGE = 2;
const EXIT_FAILED = 1;

async function main(): Promise<void> {
  const program = new Command('dibs')
    .description('a control plane for work pools: each run is claimed by exactly one agent')
    .version(version())
    .exitOverride()
    .showHelpAfterError('(dibs --help lists what there is)');
  for (const register of COMMANDS) register(program);
  // Commands inherit exitOverride only when they are made after it: they are.
  await program.parseAsync();
}

/** By this package's own name: the path differs between the repository and what is installed. */
function version(): string {
  return createRequire(import.meta.url)('dibs/package.json').version;
}

function exitCodeOf(error: unknown): number {
  const { DIBS_DEBUG } = process.env;
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  if (error instanceof UserError) console.error(error.message);
  else if (DIBS_DEBUG === '1') console.error(error);
  else console.error(error instanceof Error ? error.message : String(error));
  return EXIT_FAILED;
}

try {
  await main();
} catch (error) {
  process.exit(exitCodeOf(error));
}
