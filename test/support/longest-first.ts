import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Of all test files, those that take a quarter of a minute and more on two busy cores: the longest first. */
const LONGEST = [
  'prefect/journeys',
  'faults/recover',
  'limits/histories',
  'package/pack',
  'demo/demo',
  'prefect/golden',
  'recovery/deleted-pools',
  'demo/kill',
  'cli/verbs',
  'faults/claim',
  'local/dynamodb-local',
  'claims/claim-race',
  'faults/open',
  'local/dev',
  'faults/start',
  'faults/cancel',
  'cli/why-examples',
  'faults/frozen-agent',
  'faults/heartbeat',
  'agent/cut-off',
  'agent/draining',
  'faults/killed-agent',
  'cli/run-bulk',
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
