import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Scenario } from './case.ts';
import type { Answer } from './play.ts';
import { SCENARIOS } from './scenarios/index.ts';

/**
 * The responses of Prefect's servers, one line per case. Those of the reference are in
 * recorded/<area>.jsonl. Of another version, recorded/<version>.jsonl has only the cases that it
 * answers otherwise than the reference.
 */
interface Line extends Answer {
  readonly scenario: string;
}

/** The version of Prefect whose answers dibs is held against. */
export const REFERENCE = '3.9.1';
/** An older version, recorded beside the reference to know where they differ. */
export const BESIDE = '3.8.8';

const fileOf = (name: string): string =>
  fileURLToPath(new URL(`./recorded/${name}.jsonl`, import.meta.url));

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

/** The cases that the older version answers otherwise than the reference. */
export const readBeside = ({ name }: Scenario): Answer[] =>
  linesOf(BESIDE).filter(({ scenario }) => scenario === name);

/**
 * Writes recordings in the order of the scenarios. Other scenarios of the same area stay as they
 * are.
 */
export const writeRecording = (scenario: Scenario, answers: readonly Answer[]): void =>
  write(scenario.area, scenario, answers);

/** Writes which cases the older version answers otherwise. The reference is recorded first. */
export function writeBeside(scenario: Scenario, answers: readonly Answer[]): void {
  const reference = new Map(readRecording(scenario).map((one) => [one.case, toLine(one)]));
  const others = answers.filter((one) => reference.get(one.case) !== toLine(one));
  write(BESIDE, scenario, others);
}

const toLine = ({ case: name, status, body }: Answer): string =>
  JSON.stringify({ case: name, status, body });

function write(file: string, { name }: Scenario, answers: readonly Answer[]): void {
  const kept = linesOf(file).filter((line) => line.scenario !== name);
  const lines = [...kept, ...answers.map((answer) => ({ scenario: name, ...answer }))];
  const order = SCENARIOS.map((one) => one.name);
  lines.sort((a, b) => order.indexOf(a.scenario) - order.indexOf(b.scenario));
  const known = lines.filter((line) => order.includes(line.scenario));
  writeFileSync(fileOf(file), known.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

function linesOf(file: string): Line[] {
  try {
    const text = readFileSync(fileOf(file), 'utf8');
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
