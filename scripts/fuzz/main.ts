/**
 * Sends requests that schemathesis makes from the OpenAPI document to a fresh local stack, and says
 * how many there were, how many were answered with 5xx, the slowest answer and the server's memory.
 *
 *   node scripts/fuzz/main.ts [--examples 60] [--seed 1]     examples: requests per route
 *
 * Exits with 1 if there was a 500, or a reply did not fit its schema. 501 and 503 are in the contract.
 */
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { startLocalStack } from '../../local/stack.ts';
import { pythonWith } from '../python-venv.ts';

const { values: options } = parseArgs({
  options: {
    examples: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
  },
});

const python = await pythonWith('schemathesis');
const stack = await startLocalStack({ port: 0, data: 'memory' });
let peak = 0;
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss);
}, 200);
const began = performance.now();
const { code, text } = await schemathesis([
  ...['run', 'api/openapi.json', '--url', new URL(stack.url).origin],
  ...['--checks', 'not_a_server_error,response_schema_conformance'],
  ...['--phases', 'coverage,fuzzing', '--mode', 'all', '--continue-on-failure'],
  ...['--max-examples', options.examples, '--seed', options.seed, '--no-color'],
]);
clearInterval(watch);
await stack.stop();
console.log(text);
const seconds = Math.round((performance.now() - began) / 1_000);
console.log(`${seconds} s; peak memory of the server ${Math.round(peak / 2 ** 20)} MB`);
process.exit(code);

function schemathesis(args: readonly string[]): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    const cli = join(dirname(python), 'schemathesis');
    execFile(cli, args, { maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      resolve({ code: error ? 1 : 0, text: stdout + stderr });
    });
  });
}
