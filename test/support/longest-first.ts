import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Of all test files, those that take a quarter of a minute and more on two busy cores: the longest first. */
const IN_PROCESS = [
  'faults/recover',
  'limits/histories',
  'prefect/golden',
  'recovery/deleted-pools',
  'faults/claim',
  'claims/claim-race',
  'faults/open',
  'faults/start',
  'faults/cancel',
  'faults/heartbeat',
  'faults/finish',
  'faults/give-back',
];

/**
 * These start dozens of processes, most in sessions of their own. Linux shares its cores among sessions,
 * so what CI runs beside the first two minutes, a deployment on one emulator, would hardly get its turn.
 */
const WITH_PROCESSES = [
  'prefect/journeys',
  'package/pack',
  'demo/demo',
  'demo/kill',
  'cli/verbs',
  'local/dynamodb-local',
  'local/dev',
  'cli/why-examples',
  'faults/frozen-agent',
  'agent/cut-off',
  'agent/draining',
  'faults/killed-agent',
  'cli/run-bulk',
  'agent/throttled',
];

const FIRST = [...IN_PROCESS, ...WITH_PROCESSES].map((name) => `/test/${name}.test.ts`);

/**
 * The runner goes by how long files took the last time, and where it has not run yet by their size. The
 * longest are among the smallest: one that began last would have a core of its own, for minutes.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = FIRST.findIndex((end) => moduleId.endsWith(end));
      return found === -1 ? FIRST.length : found;
    };
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other));
  }
}
