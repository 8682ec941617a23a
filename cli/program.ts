import { createRequire } from 'node:module';
import { Command } from 'commander';
import { registerAgentDrain } from './agent/drain.ts';
import { registerAgentLs } from './agent/ls.ts';
import { registerAgent } from './agent/start.ts';
import { registerCompletion } from './completion.ts';
import { registerDeploymentLs } from './deployment/ls.ts';
import { registerDeploymentRun } from './deployment/run.ts';
import { registerDeploymentSlots } from './deployment/slots.ts';
import { registerDev } from './dev.ts';
import { registerKeyCreate } from './key/create.ts';
import { registerKeyLs } from './key/ls.ts';
import { registerKeyRevoke } from './key/revoke.ts';
import { registerPoolCreate } from './pool/create.ts';
import { registerPoolLimit } from './pool/limit.ts';
import { registerPoolLs } from './pool/ls.ts';
import { registerPoolPause } from './pool/pause.ts';
import { registerPoolResume } from './pool/resume.ts';
import { registerPoolSlots } from './pool/slots.ts';
import { registerQueueCreate } from './queue/create.ts';
import { registerQueueLimit } from './queue/limit.ts';
import { registerQueueLs } from './queue/ls.ts';
import { registerQueuePause } from './queue/pause.ts';
import { registerQueuePriority } from './queue/priority.ts';
import { registerQueueResume } from './queue/resume.ts';
import { registerRunCancel } from './run/cancel.ts';
import { registerRunClaims } from './run/claims.ts';
import { registerRunLogs } from './run/logs.ts';
import { registerRunLs } from './run/ls.ts';
import { registerRunRelease } from './run/release.ts';
import { registerRunRetry } from './run/retry.ts';
import { registerRunShow } from './run/show.ts';
import { registerRunWhy } from './run/why.ts';
import { registerScheduleLate } from './schedule/late.ts';
import { registerScheduleLs } from './schedule/ls.ts';
import { registerSchedulePause } from './schedule/pause.ts';
import { registerScheduleResume } from './schedule/resume.ts';
import { registerExport } from './transfer/export.ts';
import { registerImport } from './transfer/import.ts';

/**
 * Each function adds one command. A command imports what it needs when it runs, so that all start
 * fast.
 */
const COMMANDS: ReadonlyArray<(program: Command) => void> = [
  registerDev,
  registerCompletion,
  registerAgent,
  registerAgentLs,
  registerAgentDrain,
  registerRunLs,
  registerRunShow,
  registerRunLogs,
  registerRunWhy,
  registerRunClaims,
  registerRunRelease,
  registerRunRetry,
  registerRunCancel,
  registerPoolLs,
  registerPoolCreate,
  registerPoolLimit,
  registerPoolPause,
  registerPoolResume,
  registerPoolSlots,
  registerQueueLs,
  registerQueueCreate,
  registerQueuePause,
  registerQueueResume,
  registerQueueLimit,
  registerQueuePriority,
  registerDeploymentLs,
  registerDeploymentRun,
  registerDeploymentSlots,
  registerScheduleLs,
  registerSchedulePause,
  registerScheduleResume,
  registerScheduleLate,
  registerKeyCreate,
  registerKeyLs,
  registerKeyRevoke,
  registerExport,
  registerImport,
];

/** The tree of commands, which `dibs` runs, its completion offers and docs/cli.md explains. */
export function createProgram(): Command {
  const program = new Command('dibs')
    .description('a control plane for work pools: each run is claimed by exactly one agent')
    .version(version())
    .exitOverride()
    .showHelpAfterError('(dibs --help lists the commands)');
  // Commands inherit exitOverride only if they are added after it, as here.
  for (const register of COMMANDS) register(program);
  return program;
}

/**
 * Found by the package's name, because its path differs between the repository and an installation.
 */
function version(): string {
  return createRequire(import.meta.url)('dibs/package.json').version;
}
