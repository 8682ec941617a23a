import { check, type Verdict } from '../../scripts/demo/proof/check.ts';
import type { Evidence } from '../../scripts/demo/proof/evidence.ts';
import type {
  ClaimRecord,
  Death,
  Facts,
  Finish,
  PlannedRun,
  RunRecord,
} from '../../scripts/demo/proof/facts.ts';
import { lastLine } from '../../scripts/demo/report.ts';

/** A demo of two runs in which all is well, for tests to spoil. Times are milliseconds from its start. */
export const EXPECTED = { sha256: 'ab'.repeat(32), bytes: 10, lines: 2 };

/** Of an execution from 100 on. */
export const RESULT = { ...EXPECTED, endedAt: 200 };

const planned: PlannedRun[] = [
  { id: 'id-1', name: 'red-fox', path: '/a.txt', expected: EXPECTED },
  { id: 'id-2', name: 'blue-cat', path: '/b.txt', expected: EXPECTED },
];

export function completed(id: string): RunRecord {
  const holder = undefined;
  const data = EXPECTED;
  return { id, stateType: 'COMPLETED', stateName: 'Completed', message: null, data, holder };
}

export function held(id: string, holder: string): RunRecord {
  return { ...completed(id), stateType: 'RUNNING', stateName: 'Running', data: null, holder };
}

/** An execution that ended well, or as told. */
export function executed(runId: string, path: string, changed: Partial<Evidence> = {}): Evidence {
  const by = { attempt: 1, agent: 'agent-a', pid: 7, startedAt: 100 };
  return { runId, path, ...by, result: RESULT, ...changed };
}

/** A claim from 50 to 300 that completed its run, or as told. */
export function claimed(changed: Partial<ClaimRecord> = {}): ClaimRecord {
  const times = { claimedAt: 50, endedAt: 300 };
  return { attempt: 1, agent: 'agent-a', ...times, reason: 'completed', ...changed };
}

export function finished(runId: string, changed: Partial<Finish> = {}): Finish {
  return { runId, attempt: 1, agent: 'agent-a', ...changed };
}

/** Killed by the demo at 150. */
export function died(agent: string, changed: Partial<Death> = {}): Death {
  return { agent, fate: 'killed', at: 150, goneAt: 160, byDemo: true, ...changed };
}

export const well = {
  planned,
  records: [completed('id-1'), completed('id-2')],
  claims: new Map([
    ['id-1', [claimed()]],
    ['id-2', [claimed()]],
  ]),
  evidence: [executed('id-1', '/a.txt'), executed('id-2', '/b.txt')],
  finishes: [finished('id-1'), finished('id-2')],
  deaths: [],
  kill: false,
} satisfies Facts;

export function verdict(changes: Partial<Facts> = {}): Verdict {
  return check({ ...well, ...changes });
}

/** The last line and the findings, of a demo in which all is well but for these changes. */
export function judge(changes: Partial<Facts> = {}): string[] {
  const judged = verdict(changes);
  return [lastLine(judged), ...judged.findings];
}
