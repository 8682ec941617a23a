import { ApiError, type Client } from '../../client/index.ts';
import type { Calls } from '../calls.ts';
import type { JobTemplate } from './job.ts';

const REUSED_MS = 30_000;

/**
 * Reads the pool's job template when a run needs it, and reuses it for 30 s. An idle agent reads
 * nothing.
 */
export interface TemplateSource {
  /** Rejects when the agent stops. */
  read(): Promise<JobTemplate>;
}

interface TemplateSourceOptions {
  readonly client: Client;
  readonly calls: Calls;
  readonly pool: string;
  readonly signal: AbortSignal;
}

export function createTemplateSource(options: TemplateSourceOptions): TemplateSource {
  const { client, calls, pool, signal } = options;
  let template: JobTemplate | undefined;
  let readAt = 0;
  let reading: Promise<void> | undefined;

  async function readNow(): Promise<void> {
    try {
      const { base_job_template } = await calls.untilAnswered(
        () => client.readWorkPool({ name: pool }),
        signal,
        { onlyRefusals: true },
      );
      template = base_job_template;
      readAt = performance.now();
    } catch (error) {
      // The pool is gone, or this agent may not read it: use the last known template.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  return {
    async read() {
      if (!template || performance.now() - readAt > REUSED_MS) {
        reading ??= readNow().finally(() => {
          reading = undefined;
        });
        await reading;
      }
      return template ?? {};
    },
  };
}
