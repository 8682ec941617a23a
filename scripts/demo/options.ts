import { parseArgs } from 'node:util';
import { UserError } from '../../local/user-error.ts';

export interface DemoOptions {
  readonly runs: number;
  readonly agents: number;
  /** Whether one of the agents is killed midway. */
  readonly kill: boolean;
  /** For a test: see flow.ts. */
  readonly gate: string | undefined;
}

/** The agents are called agent-a to agent-z. */
const MOST_AGENTS = 26;

export const USAGE = 'npm run demo -- [--runs N] [--agents N] [--no-kill]';

export function demoOptions(args: string[], env: NodeJS.ProcessEnv): DemoOptions | 'help' {
  const { runs = '200', agents: agentsText = '4', 'no-kill': noKill = false, help } = parsed(args);
  if (help) return 'help';
  const agents = count('--agents', agentsText, MOST_AGENTS);
  if (agents === 1 && !noKill) {
    throw new UserError(
      'One agent is killed midway, so at least 2 agents are needed; or use --no-kill.',
    );
  }
  return {
    runs: count('--runs', runs, Number.POSITIVE_INFINITY),
    agents,
    kill: !noKill,
    gate: env['DIBS_DEMO_GATE'],
  };
}

function parsed(args: string[]) {
  try {
    const options = {
      runs: { type: 'string' },
      agents: { type: 'string' },
      'no-kill': { type: 'boolean' },
      help: { type: 'boolean' },
    } as const;
    return parseArgs({ args, options }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UserError(`${message} (${USAGE})`);
  }
}

function count(name: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  const range = most === Number.POSITIVE_INFINITY ? 'of at least 1' : `from 1 to ${most}`;
  throw new UserError(`${name} takes a whole number ${range}, not ${text}.`);
}
