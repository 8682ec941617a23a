import { parseArgs } from 'node:util';
import { UserError } from '../../local/user-error.ts';

export interface DemoOptions {
  readonly runs: number;
  readonly agents: number;
  /** For the test: see flow.ts. */
  readonly gate: string | undefined;
}

/** They are called agent-a to agent-z. */
const MOST_AGENTS = 26;

export const USAGE = 'npm run demo -- [--runs N] [--agents N]';

export function demoOptions(args: string[], env: NodeJS.ProcessEnv): DemoOptions | 'help' {
  const { runs = '200', agents = '4', help } = parsed(args);
  if (help) return 'help';
  return {
    runs: count('--runs', runs, Number.POSITIVE_INFINITY),
    agents: count('--agents', agents, MOST_AGENTS),
    gate: env['DIBS_DEMO_GATE'],
  };
}

function parsed(args: string[]) {
  try {
    const options = {
      runs: { type: 'string' },
      agents: { type: 'string' },
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
