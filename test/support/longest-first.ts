import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Of all test files, those that take more than 25 s on two cores: the longest first. */
const LONGEST = [
  'prefect/journeys',
  'faults/recover',
  'limits/histories',
  'demo/demo',
  'prefect/golden',
  'faults/claim',
  'cli/verbs',
  'demo/kill',
  'faults/blocked-runs',
  'faults/frozen-agent',
  'faults/heartbeat',
  'faults/cancel',
  'local/dev',
  'race/claim-race',
  'local/dynamodb-local',
  'cli/run-bulk',
  'faults/finish',
  'faults/give-back',
  'cli/pools',
  'agent/retries',
  'faults/killed-agent',
].map((name) => `/test/${name}.test.ts`);

/**
 * The runner goes by how long files took the last time, and where it has not run yet by their size. The
 * longest are among the smallest: one that began last would have a core of its own, for minutes.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = LONGEST.findIndex((end) => moduleId.endsWith(end));
      return found === -1 ? LONGEST.length : found;
    };
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other));
  }
}
