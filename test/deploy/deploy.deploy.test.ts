import { describe, expect, test } from 'vitest';
import { goThrough } from '../prefect/journey-process.ts';
import { deployed, endsWell } from './deployed.ts';

/**
 * The app of this repository, as `npx cdk deploy` deploys it, bootstrap included, and Prefect's worker on
 * it. iam.deploy.test.ts tests the rest of what a deployment does.
 */
const app = deployed({ app: 'node cdk/app.ts', context: ['disposable=true'], enforcesIam: false });

describe.concurrent('as deployed', { timeout: 300_000 }, () => {
  test('a second deployment changes nothing', async () => {
    expect(await app().cdk.deploy()).toContain('(no changes)');
  });

  test('an unmodified Prefect worker, with a key of role agent, runs a deployment', async (context) => {
    const { admin, key, outputs } = app();
    const { key: workerKey } = await admin.createApiKey({
      body: { name: 'worker', role: 'agent' },
    });
    const env = { PREFECT_API_KEY: key, JOURNEY_WORKER_KEY: workerKey };
    await goThrough(context, { file: 'deploy_and_run.py', url: outputs.url, env });
  });
});

endsWell(app);
