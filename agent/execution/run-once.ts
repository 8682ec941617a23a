import type { ChildEnd, Loaded, Order } from '../child/child-messages.ts';
import { type Child, startChild } from '../child/child-process.ts';
import { LEVEL } from '../logs/log-line.ts';
import type { LogShipper } from '../logs/log-shipper.ts';
import type { Claim, StateProposal } from '../wire.ts';
import { childEnv } from './child-env.ts';
import type { Job } from './job.ts';
import { stateOfEnd, thrownText, timedOut } from './outcomes.ts';

export type Runnable = Exclude<Job, { type: 'nothing' }>;

interface RunOptions {
  readonly url: string;
  readonly logs: LogShipper;
  readonly job: Runnable;
  readonly claim: Claim;
  /** How often the run was started, this time included. */
  readonly runCount: number;
  /** Called when the flow is loaded. The flow runs once the returned promise resolves. */
  readonly onLoaded: (loaded: Loaded) => Promise<void>;
}

export interface RunningJob extends Pick<Child, 'pid' | 'end' | 'kill'> {
  /** Resolves to the state that the run ends in. Never rejects. */
  readonly outcome: Promise<StateProposal>;
}

const TIMEOUT_GRACE_MS = 2_000;

/** Starts one execution of a run. Its output becomes log lines, and its end becomes a state. */
export function runOnce({ url, logs, job, claim, runCount, onLoaded }: RunOptions): RunningJob {
  const runId = claim.flow_run.id;
  const log = (name: string, level: number, message: string) =>
    logs.add({ runId, name, level, message });
  let timer: NodeJS.Timeout | undefined;
  let timeout: StateProposal | undefined;
  const child = startChild({
    order: orderOf(job, claim, runCount),
    env: childEnv(url, claim, job.env),
    onStdout: (line) => log('flow_run.stdout', LEVEL.info, line),
    onStderr: (line) => log('flow_run.stderr', LEVEL.warning, line),
    onLog: (level, message) => log('flow_run', level, message),
    onLoaded: async (loaded) => {
      await onLoaded(loaded);
      const { timeoutSeconds } = loaded;
      if (timeoutSeconds === undefined) return;
      timer = setTimeout(() => {
        timeout = timedOut(timeoutSeconds);
        child.end('The run has timed out.', TIMEOUT_GRACE_MS);
      }, timeoutSeconds * 1_000);
    },
  });
  const { pid, end, kill } = child;
  const outcome = child.ended.then((ended) => {
    clearTimeout(timer);
    const text = exceptionText(ended);
    if (text) log('dibs.agent', LEVEL.error, text);
    return timeout ?? stateOfEnd(ended);
  });
  return { pid, end, kill, outcome };
}

function orderOf(job: Runnable, { flow_run, attempt }: Claim, runCount: number): Order {
  const { parameters, id: runId } = flow_run;
  if (job.type === 'command') {
    const { type, command, cwd } = job;
    return { type, command, cwd, stdin: JSON.stringify(parameters) };
  }
  const { type, file, exportName, cwd } = job;
  return { type, file, exportName, cwd, parameters, runId, attempt, runCount };
}

function exceptionText(end: ChildEnd): string | undefined {
  if (end.type !== 'threw') return undefined;
  return `Encountered exception during execution:\n${end.error.stack ?? thrownText(end.error)}`;
}
