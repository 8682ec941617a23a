import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readEvidence, writeEvidence } from '../../scripts/demo/proof/evidence.ts';
import type { RunRecord } from '../../scripts/demo/proof/facts.ts';
import { fingerprint } from '../../scripts/demo/proof/fingerprint.ts';
import { completed, EXPECTED, executed, held, judge, RESULT, well } from './facts.ts';

const { records, evidence, claims, finishes } = well;
const OTHER = { ...EXPECTED, sha256: 'cd'.repeat(32) };

it('finds nothing where each run was finished once and all agree', () => {
  expect(judge()).toEqual(['2 runs, 2 finished once, 0 run twice']);
});

it('reads what executions left behind, also of one that has no result', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'dibs-demo-test-'));
  const { result, ...started } = executed('id-1', '/a.txt');
  await writeEvidence(directory, { ...started, attempt: 1 });
  const tellEnd = await writeEvidence(directory, { ...started, attempt: 2 });
  if (result) await tellEnd(result);
  // Of an execution that was killed while it wrote.
  writeFileSync(join(directory, `id-1.3.${randomUUID()}.started.json.${randomUUID()}`), '{"run');
  expect(await readEvidence(directory)).toEqual([
    { ...started, attempt: 1 },
    { ...started, attempt: 2, result },
  ]);
});

it('sees one evidence file that was copied', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'dibs-demo-test-'));
  for (const { result, ...started } of evidence) {
    const tellEnd = await writeEvidence(directory, started);
    if (result) await tellEnd(result);
  }
  const files = readdirSync(directory).filter((name) => name.endsWith('.ended.json'));
  expect(files).toHaveLength(2);
  const copy = JSON.stringify(evidence[0]);
  writeFileSync(join(directory, `id-1.1.${randomUUID()}.ended.json`), copy);
  expect(judge({ evidence: await readEvidence(directory) })).toEqual([
    '2 runs, 2 finished once, 1 run twice',
    'ran 2 times: red-fox id-1: by agent-a (attempt 1, pid 7), by agent-a (attempt 1, pid 7)',
  ]);
});

it('names a run that is Completed but was never executed', () => {
  const { result, ...unfinished } = executed('id-2', '/b.txt');
  for (const left of [[], [unfinished]]) {
    expect(judge({ evidence: [...evidence.slice(0, 1), ...left] })).toEqual([
      '2 runs, 2 finished once, 0 run twice',
      'Completed, but never executed: blue-cat id-2',
    ]);
  }
});

it('names a run that is Completed but that nobody finished', () => {
  const changed = new Map([...claims, ['id-2', []]]);
  expect(judge({ claims: changed, finishes: finishes.slice(0, 1) })).toEqual([
    '2 runs, 1 finished once, 0 run twice',
    'Completed, but nobody finished it: blue-cat id-2',
  ]);
});

it('names a run that the server does not know, and an execution nobody asked for', () => {
  expect(judge({ records: records.slice(0, 1) })).toEqual([
    '2 runs, 1 finished once, 0 run twice',
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
])('names a run whose $what differs', ({ changed }) => {
  const result = { ...RESULT, ...changed };
  const [first, ...rest] = judge({
    records: records.with(0, { ...completed('id-1'), data: { ...EXPECTED, ...changed } }),
    evidence: evidence.with(0, executed('id-1', '/a.txt', { result })),
  });
  expect(first).toBe('2 runs, 2 finished once, 0 run twice');
  expect(rest).toEqual([expect.stringMatching(/^differs: red-fox id-1: agent-a found .*expected/)]);
});

it('names a run that took another file', () => {
  const [, ...rest] = judge({ evidence: evidence.with(0, executed('id-1', '/b.txt')) });
  expect(rest).toEqual([expect.stringMatching(/^differs: red-fox id-1: .* in \/b.txt, expected/)]);
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
    '2 runs, 2 finished once, 0 run twice',
    'Failed, not Completed: red-fox id-1: no such file',
    'Failed, but never executed: red-fox id-1',
  ]);
});

it('names a run that is still claimed, and tells whether it was executed', () => {
  const changed = {
    records: records.with(1, held('id-2', 'agent-b (killed)')),
    finishes: finishes.slice(0, 1),
  };
  expect(judge({ ...changed, evidence: evidence.slice(0, 1) })).toEqual([
    '2 runs, 1 finished once, 0 run twice, 1 still claimed',
    'still claimed by agent-b (killed): blue-cat id-2',
  ]);
  expect(judge(changed)).toEqual([
    '2 runs, 1 finished once, 0 run twice, 1 still claimed',
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
    '2 runs, 1 finished once, 0 run twice',
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
