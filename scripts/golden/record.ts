import { setTimeout as delay } from 'node:timers/promises';
import type { Scenario } from '../../test/prefect/golden/case.ts';
import { play } from '../../test/prefect/golden/play.ts';
import { REFERENCE, writeBeside, writeRecording } from '../../test/prefect/golden/recordings.ts';

/** After this time, Prefect's background tasks are done. */
const BACKGROUND_MS = 2_000;

/** Records a server of the version of Prefect that it reports. */
export async function record(url: string, scenario: Scenario, version: string): Promise<string> {
  const waited = new Set<string>();
  const answers = await play(url, scenario, async ({ case: name }) => {
    if (waited.has(name)) return true;
    waited.add(name);
    await delay(BACKGROUND_MS);
    return false;
  });
  const notAsked = answers.filter(({ status }) => status === 0 || status >= 500);
  for (const { case: name, status, body } of notAsked) {
    console.warn(`  ${scenario.name} / ${name}: ${status} ${JSON.stringify(body)}`);
  }
  const write = version === REFERENCE ? writeRecording : writeBeside;
  write(scenario, answers);
  return `${version}, ${scenario.name}: ${answers.length} answers`;
}
