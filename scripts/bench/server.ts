/**
 * A program: the local stack in a process of its own, on a DynamoDB Local that runs already. The
 * benchmark forks it, so that clients and server share no event loop.
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
// However the benchmark ends, its server ends too.
process.on('disconnect', () => process.exit(0));
tell({ url: stack.url });
