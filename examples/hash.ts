/**
 * A flow, and how to let an agent run it, in a clone:
 *
 *   npm run dev                                                 in one terminal
 *   curl --json '{"name": "my-pool"}' localhost:4200/api/work_pools/
 *   npm run dibs -- agent start --pool my-pool                  in another
 *   node_modules/.bin/node examples/hash.ts package.json        in a third
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as z from 'zod';
import { deploy, flow } from '../sdk/index.ts';

export const hash = flow(
  'hash',
  async ({ path }, { log }) => {
    log.info(`hashing ${path}`);
    return createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  },
  { parameters: z.object({ path: z.string() }), retries: 2, retryDelaySeconds: 1 },
);

// Agents import this module, too, so it deploys only when it is started directly.
if (process.argv[1] === import.meta.filename) {
  const [path = 'package.json'] = process.argv.slice(2);
  const deployed = await deploy(hash, {
    name: 'example',
    pool: 'my-pool',
    module: import.meta.url,
    export: 'hash',
  });
  const run = await deployed.run({ path: resolve(path) });
  console.log(await run.wait());
}
