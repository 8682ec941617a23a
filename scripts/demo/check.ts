import { isCompleted, isFinal, type StateType } from '../../core/state.ts';
import type { Evidence } from './evidence.ts';
import { type Fingerprint, isSame } from './fingerprint.ts';

/** A run as it was asked for, and what must come out of it. */
export interface PlannedRun {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  /** Computed by the demo itself, not by a run. */
  readonly expected: Fingerprint;
}

/** What the server says of a run in the end. */
export interface RunRecord {
  readonly id: string;
  readonly stateType: StateType;
  readonly stateName: string;
  readonly message: string | null;
  /** What the flow returned. */
  readonly data: unknown;
  /** `agent-b (killed)`, if the run is claimed. */
  readonly holder: string | undefined;
}

export interface Verdict {
  readonly runs: number;
  /** Counted from what the runs' processes left behind. */
  readonly executions: number;
  readonly runsTwice: number;
  readonly stillClaimed: number;
  /** A sentence for each thing that is not as it must be. */
  readonly findings: readonly string[];
}

/** Judges a demo that has ended. Pure. */
export function check(
  planned: readonly PlannedRun[],
  records: readonly RunRecord[],
  evidence: readonly Evidence[],
): Verdict {
  const executionsOf = Map.groupBy(evidence, ({ runId }) => runId);
  const recordOf = new Map(records.map((record) => [record.id, record]));
  const findings = planned.flatMap((run) =>
    findingsOf(run, recordOf.get(run.id), executionsOf.get(run.id) ?? []),
  );
  const ids = new Set(planned.map(({ id }) => id));
  const strangers = evidence.filter(({ runId }) => !ids.has(runId));
  return {
    runs: planned.length,
    executions: evidence.length,
    runsTwice: [...executionsOf.values()].filter(({ length }) => length > 1).length,
    stillClaimed: records.filter((record) => isHeld(record)).length,
    findings: [
      ...findings,
      ...strangers.map(({ runId, agent }) => `nobody asked for run ${runId}, ${agent} executed it`),
    ],
  };
}

function findingsOf(
  run: PlannedRun,
  record: RunRecord | undefined,
  executions: readonly Evidence[],
): string[] {
  const which = `${run.name} ${run.id}`;
  const found: string[] = [];
  if (executions.length > 1) {
    const each = executions.map(
      ({ agent, attempt, pid }) => `by ${agent} (attempt ${attempt}, pid ${pid})`,
    );
    found.push(`ran ${executions.length} times: ${which}: ${each.join(', ')}`);
  }
  for (const execution of executions) {
    if (execution.path === run.path && isSame(execution, run.expected)) continue;
    const [is, must] = [text(execution), text(run.expected)];
    found.push(
      `differs: ${which}: ${execution.agent} found ${is} in ${execution.path}, ` +
        `expected ${must} in ${run.path}`,
    );
  }
  if (!record) return [...found, `unknown to the server: ${which}`];
  return [...found, ...findingsOfRecord(which, record, executions)];
}

function findingsOfRecord(
  which: string,
  record: RunRecord,
  executions: readonly Evidence[],
): string[] {
  if (isHeld(record)) {
    const executed = executions.length > 0 ? ', executed, but its end was never told' : '';
    return [`still claimed by ${record.holder}: ${which}${executed}`];
  }
  if (!isFinal(record.stateType)) return [`claimed by nobody, ${record.stateName}: ${which}`];
  const found: string[] = [];
  if (!isCompleted(record.stateType)) {
    found.push(`${record.stateName}, not Completed: ${which}: ${record.message ?? 'no message'}`);
  }
  if (executions.length === 0) found.push(`${record.stateName}, but never executed: ${which}`);
  for (const execution of executions) {
    if (isCompleted(record.stateType) && !isReturned(record.data, execution)) {
      found.push(
        `differs: ${which}: ${execution.agent} computed ${text(execution)}, ` +
          `the server has ${JSON.stringify(record.data)}`,
      );
    }
  }
  return found;
}

function isHeld({ stateType, holder }: RunRecord): boolean {
  return holder !== undefined && !isFinal(stateType);
}

function isReturned(data: unknown, computed: Fingerprint): boolean {
  return data !== null && typeof data === 'object' && isSame(data as Fingerprint, computed);
}

function text({ sha256, bytes, lines }: Fingerprint): string {
  return `${sha256.slice(0, 12)}… (${bytes} bytes, ${lines} lines)`;
}
