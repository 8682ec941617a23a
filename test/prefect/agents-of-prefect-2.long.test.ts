import { it } from 'vitest';
import { goThrough } from './journey-process.ts';
import { stackForJourneys } from './stack.ts';

const url = stackForJourneys();

it('two agents of Prefect 2 poll one queue: each run is executed once', async (test) => {
  await goThrough(test, { file: 'agents_2x.py', url: url(), prefect: '2.20.26' });
}, 600_000);
