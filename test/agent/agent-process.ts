import { type RunningScript, runNode } from '../support/processes.ts';

export interface AgentProcess extends RunningScript, AsyncDisposable {
  /** Resolves with the next line of standard error that matches. */
  says(text: RegExp): Promise<string>;
}

/** Starts `dibs agent start` in its own process, which is killed when it is disposed. */
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
