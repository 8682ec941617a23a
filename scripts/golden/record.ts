import { setTimeout as delay } from 'node:timers/promises';
import type { Scenario } from '../../test/prefect/golden/case.ts';
import { play } from '../../test/prefect/golden/play.ts';
import { writeRecording } from '../../test/prefect/golden/recordings.ts';

/** After this time, Prefect's background tasks are done. */
const BACKGROUND_MS = 2_000;

export async function record(url: string, scenario: Scenario): Promise<string> {
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
  writeRecording(scenario, answers);
  return `${scenario.name}: ${answers.length} answers`;
}
