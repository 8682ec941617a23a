import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { check, type PlannedRun, type RunRecord } from '../../scripts/demo/check.ts';
import { type Evidence, readEvidence, writeEvidence } from '../../scripts/demo/evidence.ts';
import { fingerprint } from '../../scripts/demo/fingerprint.ts';
import { lastLine } from '../../scripts/demo/report.ts';

const EXPECTED = { sha256: 'ab'.repeat(32), bytes: 10, lines: 2 };
const OTHER = { ...EXPECTED, sha256: 'cd'.repeat(32) };

const planned: PlannedRun[] = [
  { id: 'id-1', name: 'red-fox', path: '/a.txt', expected: EXPECTED },
  { id: 'id-2', name: 'blue-cat', path: '/b.txt', expected: EXPECTED },
];
const records = [completed('id-1'), completed('id-2')];
const evidence = [executed('id-1', '/a.txt'), executed('id-2', '/b.txt')];

function completed(id: string): RunRecord {
  const holder = undefined;
  return {
    id,
    stateType: 'COMPLETED',
    stateName: 'Completed',
    message: null,
    data: EXPECTED,
    holder,
  };
}

function executed(runId: string, path: string, agent = 'agent-a'): Evidence {
  return { runId, attempt: 1, agent, pid: 7, path, ...EXPECTED };
}

function held(id: string, holder: string): RunRecord {
  return { ...completed(id), stateType: 'RUNNING', stateName: 'Running', data: null, holder };
}

/** The last line and the findings, of these with changes. */
function judge(
  changes: Partial<{ records: readonly RunRecord[]; evidence: readonly Evidence[] }> = {},
): string[] {
  const verdict = check(planned, changes.records ?? records, changes.evidence ?? evidence);
  return [lastLine(verdict), ...verdict.findings];
}

it('finds nothing where each run was executed once and all agree', () => {
  expect(judge()).toEqual(['2 runs, 2 executions, 0 run twice']);
});

it('names a run that was executed twice, and by whom', () => {
  expect(judge({ evidence: [...evidence, executed('id-2', '/b.txt', 'agent-b')] })).toEqual([
    '2 runs, 3 executions, 1 run twice',
    'ran 2 times: blue-cat id-2: by agent-a (attempt 1, pid 7), by agent-b (attempt 1, pid 7)',
  ]);
});

it('sees one evidence file that was copied', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'dibs-demo-test-'));
  for (const one of evidence) await writeEvidence(directory, one);
  writeFileSync(join(directory, `id-1.1.${randomUUID()}.json`), JSON.stringify(evidence[0]));
  // Of an execution that was killed while it wrote.
  writeFileSync(join(directory, `id-2.1.${randomUUID()}`), '{"runId":');
  expect(judge({ evidence: await readEvidence(directory) })).toEqual([
    '2 runs, 3 executions, 1 run twice',
    'ran 2 times: red-fox id-1: by agent-a (attempt 1, pid 7), by agent-a (attempt 1, pid 7)',
  ]);
});

it('names a run that is Completed but was never executed', () => {
  expect(judge({ evidence: evidence.slice(0, 1) })).toEqual([
    '2 runs, 1 executions, 0 run twice',
    'Completed, but never executed: blue-cat id-2',
  ]);
});

it('names a run that the server does not know, and an execution nobody asked for', () => {
  expect(judge({ records: records.slice(0, 1) }).slice(1)).toEqual([
    'unknown to the server: blue-cat id-2',
  ]);
  expect(judge({ evidence: [...evidence, executed('id-3', '/a.txt')] }).slice(1)).toEqual([
    'nobody asked for run id-3, agent-a executed it',
  ]);
});

it.each([
  { what: 'hash', changed: { sha256: OTHER.sha256 } },
  { what: 'number of bytes', changed: { bytes: 11 } },
  { what: 'number of lines', changed: { lines: 3 } },
  { what: 'file', changed: { path: '/b.txt' } },
])('names a run whose $what differs', ({ changed }) => {
  const wrong = { ...executed('id-1', '/a.txt'), ...changed };
  const [first, ...rest] = judge({
    records: records.with(0, { ...completed('id-1'), data: { ...EXPECTED, ...changed } }),
    evidence: evidence.with(0, wrong),
  });
  expect(first).toBe('2 runs, 2 executions, 0 run twice');
  expect(rest).toEqual([expect.stringMatching(/^differs: red-fox id-1: agent-a found .*expected/)]);
});

it('names a run of which the server keeps another result than was computed', () => {
  for (const data of [OTHER, null]) {
    const findings = judge({ records: records.with(0, { ...completed('id-1'), data }) }).slice(1);
    expect(findings).toEqual([
      expect.stringMatching(/^differs: red-fox id-1: agent-a computed .*the server has /),
    ]);
  }
});

it('names a run that ended otherwise than Completed', () => {
  const failed: RunRecord = {
    ...completed('id-1'),
    stateType: 'FAILED',
    stateName: 'Failed',
    message: 'no such file',
    data: null,
  };
  expect(judge({ records: records.with(0, failed), evidence: evidence.slice(1) })).toEqual([
    '2 runs, 1 executions, 0 run twice',
    'Failed, not Completed: red-fox id-1: no such file',
    'Failed, but never executed: red-fox id-1',
  ]);
});

it('names a run that is still claimed, and tells whether it was executed', () => {
  const changed = records.with(1, held('id-2', 'agent-b (killed)'));
  expect(judge({ records: changed, evidence: evidence.slice(0, 1) })).toEqual([
    '2 runs, 1 executions, 0 run twice, 1 still claimed',
    'still claimed by agent-b (killed): blue-cat id-2',
  ]);
  expect(judge({ records: changed })).toEqual([
    '2 runs, 2 executions, 0 run twice, 1 still claimed',
    'still claimed by agent-b (killed): blue-cat id-2, executed, but its end was never told',
  ]);
});

it('names a run that nobody claimed', () => {
  const waits: RunRecord = {
    ...completed('id-1'),
    stateType: 'SCHEDULED',
    stateName: 'Late',
    data: null,
  };
  expect(judge({ records: records.with(0, waits), evidence: evidence.slice(1) })).toEqual([
    '2 runs, 1 executions, 0 run twice',
    'claimed by nobody, Late: red-fox id-1',
  ]);
});

it('hashes and counts as sha256sum and wc do', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'dibs-demo-test-')), 'abc');
  writeFileSync(path, 'abc\n\nö');
  expect(await fingerprint(path)).toEqual({
    sha256: '81dcd329ad0ab46da53830446873ceb7734fc4907dc3d4ef200669f0b911598b',
    bytes: 7,
    lines: 2,
  });
});
