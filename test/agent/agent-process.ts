import { type RunningScript, runNode } from '../support/processes.ts';

export interface AgentProcess extends RunningScript, AsyncDisposable {
  /** Settles with the next line of standard error that fits. */
  says(text: RegExp): Promise<string>;
}

/** `dibs agent start`, as a process of its own. Killed when it is disposed. */
export function runAgent(args: readonly string[]): AgentProcess {
  const script = runNode(['cli/main.ts', 'agent', 'start', ...args]);
  return {
    ...script,
    says: async (text) => {
      for (;;) {
        const line = await script.stderr.next();
        if (text.test(line)) return line;
      }
    },
    [Symbol.asyncDispose]: async () => {
      script.child.kill('SIGKILL');
      await script.ended;
    },
  };
}
