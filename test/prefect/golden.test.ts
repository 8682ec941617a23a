import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { BETWEEN_VERSIONS } from './golden/between-versions.ts';
import { compare, type Finding } from './golden/compare.ts';
import { DIFFERENCES_PAGE, withDifferences } from './golden/differences-section.ts';
import { judge, tell } from './golden/judge.ts';
import { BESIDE, readBeside, readRecording } from './golden/recordings.ts';
import { findingsOf } from './golden/replay.ts';
import { SCENARIOS } from './golden/scenarios/index.ts';

describe('dibs answers as a recorded Prefect server did', () => {
  let stack: TestStack;
  const findings: Finding[] = [];
  let played = 0;
  beforeAll(async () => {
    stack = await startTestStack();
  });
  afterAll(() => stack.stop());

  // Again, because on a busy machine a run may wait so long that it is shown as Late.
  test.concurrent.each(SCENARIOS)('$name', { retry: 2 }, async (scenario) => {
    const found = await findingsOf(stack.url, scenario);
    findings.push(...found);
    played += 1;
    expect(judge(found).unwanted.map(tell)).toEqual([]);
  });

  test('and what is listed as a wanted difference is one', ({ skip }) => {
    skip(played < SCENARIOS.length, 'not all scenarios were played');
    expect(judge(findings).gone).toEqual([]);
  });
});

test(`Prefect ${BESIDE} answers otherwise only where that is listed`, () => {
  const findings = SCENARIOS.flatMap((scenario) => {
    const reference = new Map(readRecording(scenario).map((answer) => [answer.case, answer]));
    return readBeside(scenario).flatMap((answer) =>
      compare(scenario.name, answer, reference.get(answer.case) as typeof answer),
    );
  });
  const { unwanted, gone } = judge(findings, BETWEEN_VERSIONS);
  expect({ unwanted: unwanted.map(tell), gone }).toEqual({ unwanted: [], gone: [] });
});

test('docs/prefect.md says where dibs answers otherwise', () => {
  const page = readFileSync(DIFFERENCES_PAGE, 'utf8');
  expect(page, 'run: node scripts/golden/main.ts docs').toBe(withDifferences(page));
});

test('scenarios and their cases have names of their own', () => {
  const names = SCENARIOS.map(({ name }) => name);
  const cases = SCENARIOS.flatMap((one) => one.cases.map(({ name }) => `${one.name} / ${name}`));
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(cases).size).toBe(cases.length);
});
