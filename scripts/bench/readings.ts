import { cpus } from 'node:os';
import { cpuMsOf } from './cpu-time.ts';
import type { ServerProcess } from './server-process.ts';

/** All counters at one moment. */
export interface Reading {
  readonly claims: number;
  readonly lost: number;
  /**
   * CPU time used so far, in milliseconds. Unlike wall time, it does not depend on other programs.
   */
  readonly cpuMs: Readonly<Record<'server' | 'client' | 'database' | 'machine', number>>;
}

export async function takeReading(server: ServerProcess, databasePid: number): Promise<Reading> {
  const cpuMs = {
    server: cpuMsOf(server.pid),
    client: cpuMsOf(process.pid),
    database: cpuMsOf(databasePid),
    machine: cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys, 0),
  };
  return { ...(await server.counts()), cpuMs };
}
