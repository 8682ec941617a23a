import { isCompleted, isFinal } from '../../../model/runs/state.ts';
import type { Evidence } from './evidence.ts';
import { nameOf, type PlannedRun, type RunRecord } from './facts.ts';
import { type Fingerprint, isSame } from './fingerprint.ts';

type Computed = Fingerprint & { readonly agent: string; readonly path: string };

/** What is wrong with a run's result and its end. twice.ts finds out whether it ran twice. */
export function findingsOf(
  run: PlannedRun,
  record: RunRecord | undefined,
  evidence: readonly Evidence[],
): string[] {
  const which = nameOf(run);
  const computed = evidence.flatMap(({ agent, path, result }) =>
    result ? [{ agent, path, ...result }] : [],
  );
  const found = computed
    .filter((one) => one.path !== run.path || !isSame(one, run.expected))
    .map(
      (one) =>
        `differs: ${which}: ${one.agent} found ${text(one)} in ${one.path}, ` +
        `expected ${text(run.expected)} in ${run.path}`,
    );
  if (!record) return [...found, `unknown to the server: ${which}`];
  return [...found, ...findingsOfRecord(which, record, computed)];
}

export function isHeld({ stateType, holder }: RunRecord): boolean {
  return holder !== undefined && !isFinal(stateType);
}

function findingsOfRecord(
  which: string,
  record: RunRecord,
  computed: readonly Computed[],
): string[] {
  if (isHeld(record)) {
    const executed = computed.length > 0 ? ', executed, but its end was never told' : '';
    return [`still claimed by ${record.holder}: ${which}${executed}`];
  }
  if (!isFinal(record.stateType)) return [`claimed by nobody, ${record.stateName}: ${which}`];
  const found: string[] = [];
  if (!isCompleted(record.stateType)) {
    found.push(`${record.stateName}, not Completed: ${which}: ${record.message ?? 'no message'}`);
  }
  if (computed.length === 0) found.push(`${record.stateName}, but never executed: ${which}`);
  for (const one of computed) {
    if (isCompleted(record.stateType) && !isReturned(record.data, one)) {
      found.push(
        `differs: ${which}: ${one.agent} computed ${text(one)}, ` +
          `the server has ${JSON.stringify(record.data)}`,
      );
    }
  }
  return found;
}

function isReturned(data: unknown, computed: Fingerprint): boolean {
  return data !== null && typeof data === 'object' && isSame(data as Fingerprint, computed);
}

function text({ sha256, bytes, lines }: Fingerprint): string {
  return `${sha256.slice(0, 12)}… (${bytes} bytes, ${lines} lines)`;
}
