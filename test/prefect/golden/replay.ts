import type { Scenario } from './case.ts';
import { compare, type Finding } from './compare.ts';
import { type Answer, play } from './play.ts';
import { readRecording } from './recordings.ts';

/** How long an `eventually` case is retried. */
const EVENTUALLY_MS = 5_000;

/** Plays a scenario against dibs, and returns every place where it does not answer as recorded. */
export async function findingsOf(url: string, scenario: Scenario): Promise<Finding[]> {
  const recorded = new Map(readRecording(scenario).map((answer) => [answer.case, answer]));
  const compared = (answer: Answer): Finding[] => {
    const prefect = recorded.get(answer.case);
    return prefect ? compare(scenario.name, prefect, answer) : [];
  };
  const since = new Map<string, number>();
  const answers = await play(url, scenario, async (answer) => {
    const first = since.get(answer.case) ?? Date.now();
    since.set(answer.case, first);
    return compared(answer).length === 0 || Date.now() - first > EVENTUALLY_MS;
  });
  return answers.flatMap(compared);
}
