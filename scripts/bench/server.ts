/**
 * A program, not a module: the local stack in its own process, on a DynamoDB Local that already
 * runs. The benchmark forks it, so that the clients and the server share no event loop.
 */
import { startLocalStack } from '../../local/stack.ts';
import type { FromServer } from './server-process.ts';

const counts = { claims: 0, lost: 0 };
const stack = await startLocalStack({
  port: 0,
  data: 'memory',
  dynamodbEndpoint: process.argv[2],
  count: (metric, value) => {
    if (metric === 'claims') counts.claims += value;
    if (metric === 'lost_conditions') counts.lost += value;
  },
});
const tell = (message: FromServer) => process.send?.(message);

process.on('message', () => tell(counts));
// The server ends with the benchmark, however that ends.
process.on('disconnect', () => process.exit(0));
tell({ url: stack.url });
