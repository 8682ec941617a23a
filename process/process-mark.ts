import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/**
 * Names one process for ever: its id together with when it started, for ids are used again, in
 * containers within minutes. Undefined when no such process lives; a zombie does not.
 */
export function processMark(pid: number): string | undefined {
  const started = existsSync('/proc/self/stat') ? startedByProc(pid) : startedByPs(pid);
  return started && `${pid} ${started}`;
}

function startedByProc(pid: number): string | undefined {
  try {
    // After the command, which may hold spaces and brackets, come state (field 3) ... start (22).
    const [state, ...fields] =
      readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop()?.split(' ') ?? [];
    return state === 'Z' || state === 'X' ? undefined : fields[18];
  } catch {
    return undefined;
  }
}

function startedByPs(pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}
