import { parseArgs } from 'node:util';
import { UserError } from '../../local/user-error.ts';

export interface DemoOptions {
  readonly runs: number;
  readonly agents: number;
  /** One of the agents is killed midway. */
  readonly kill: boolean;
  /** For the test: see flow.ts. */
  readonly gate: string | undefined;
}

/** They are called agent-a to agent-z. */
const MOST_AGENTS = 26;

export const USAGE = 'npm run demo -- [--runs N] [--agents N] [--no-kill]';

export function demoOptions(args: string[], env: NodeJS.ProcessEnv): DemoOptions | 'help' {
  const { runs = '200', agents: agentsText = '4', 'no-kill': noKill = false, help } = parsed(args);
  if (help) return 'help';
  const agents = count('--agents', agentsText, MOST_AGENTS);
  if (agents === 1 && !noKill) {
    throw new UserError('One agent is killed midway, so it takes another one; or use --no-kill.');
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
  const range = most === Number.POSITIVE_INFINITY ? 'from 1 on' : `from 1 to ${most}`;
  throw new UserError(`${name} takes a whole number ${range}, not ${text}.`);
}
