import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Scenario } from './case.ts';
import type { Answer } from './play.ts';
import { SCENARIOS } from './scenarios/index.ts';

/** The responses of Prefect's server: recorded/<area>.jsonl, one line per case. */
interface Line extends Answer {
  readonly scenario: string;
}

const fileOf = (area: string): string =>
  fileURLToPath(new URL(`./recorded/${area}.jsonl`, import.meta.url));

export function readRecording({ area, name, cases }: Scenario): Answer[] {
  const lines = linesOf(area).filter(({ scenario }) => scenario === name);
  const recorded = lines.map((line) => line.case).join('\n');
  if (recorded !== cases.map((one) => one.name).join('\n')) {
    throw new Error(
      `The recording of "${name}" does not have the cases of the scenario. Record it anew: node scripts/golden/main.ts record "${name}"`,
    );
  }
  return lines;
}

/**
 * Writes recordings in the order of the scenarios. Other scenarios of the same area stay as they
 * are.
 */
export function writeRecording(scenario: Scenario, answers: readonly Answer[]): void {
  const { area, name } = scenario;
  const kept = linesOf(area).filter((line) => line.scenario !== name);
  const lines = [...kept, ...answers.map((answer) => ({ scenario: name, ...answer }))];
  const order = SCENARIOS.map((one) => one.name);
  lines.sort((a, b) => order.indexOf(a.scenario) - order.indexOf(b.scenario));
  const known = lines.filter((line) => order.includes(line.scenario));
  writeFileSync(fileOf(area), known.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

function linesOf(area: string): Line[] {
  try {
    const text = readFileSync(fileOf(area), 'utf8');
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
