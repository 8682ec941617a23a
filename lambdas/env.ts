import type { Context } from '../core/context.ts';
import { awsDynamoDbClient } from '../store/client.ts';
import { createDynamoStore } from '../store/index.ts';
import { systemContext } from './context.ts';

/**
 * The environment of a Lambda, read once, at its cold start.
 * @throws Error that names a missing variable
 */
export function contextFromEnvironment(env: NodeJS.ProcessEnv): Context {
  const { DIBS_TABLE: tableName } = env;
  if (!tableName) throw new Error('DIBS_TABLE is not set: it names the table of this stack.');
  return systemContext(
    createDynamoStore({
      client: awsDynamoDbClient(),
      tableName,
      now: () => Date.now() * 1000,
      random: Math.random,
    }),
    { tell: logClaim },
  );
}

const logClaim: Context['tell'] = ({ runId, sessionId, worker }) => {
  const facts = { run_id: runId, session_id: sessionId, worker_name: worker ?? null };
  console.log(JSON.stringify({ level: 'info', message: 'claimed', ...facts }));
};
