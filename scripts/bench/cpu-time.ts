import { readFileSync } from 'node:fs';

/** The unit in which Linux reports CPU time, the same on every machine. */
const TICK_MS = 10;

/** CPU time that a process has used so far, in milliseconds. NaN if there is no /proc. */
export function cpuMsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may contain anything, so fields are counted from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return Number.NaN;
  }
}
