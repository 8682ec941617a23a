/**
 * The rooms of each layer, from the ground up. A room is a folder, or a file where one file is enough.
 * It imports rooms that come before it in this list, and never one that comes after it.
 */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  model: [
    ...['values', 'access', 'limits', 'named-limits', 'sessions', 'pools', 'runs', 'schedules'],
    ...['deployments', 'task-runs', 'artifacts', 'logs', 'blocks', 'variables', 'saved-searches'],
    'store',
  ],
  core: [
    ...['memory', 'context', 'batches', 'delete-each', 'sizes', 'cut-texts', 'failures'],
    ...['known-runs', 'criteria', 'filters'],
    ...['parameters', 'states', 'limits', 'named-limits', 'pools', 'dispatch', 'recovery'],
    ...['sessions', 'access', 'blocks', 'variables', 'saved-searches', 'logs', 'task-runs'],
    ...['queries', 'artifacts'],
    ...['claims', 'proposals', 'runs', 'schedules', 'deployments', 'why'],
  ],
  store: [
    ...['table', 'conditions', 'dynamo', 'lists', 'limits', 'runs', 'claims', 'sessions', 'pools'],
    ...['schedules', 'deployments', 'task-runs', 'artifacts', 'logs', 'blocks', 'variables'],
    ...['saved-searches', 'named-limits', 'access', 'schema-version', 'stream', 'index'],
  ],
  api: [
    ...['json', 'dimension', 'errors', 'text-file', 'schema-path', 'verbatim'],
    ...['list-bounds'],
    ...['route', 'route-match', 'fields'],
    ...['access', 'limits', 'named-limits', 'pools', 'schedules', 'deployments', 'states', 'runs'],
    ...['task-runs', 'artifacts', 'logs', 'blocks', 'variables', 'saved-searches', 'claims'],
    ...['sessions', 'why', 'server', 'routes', 'openapi'],
  ],
  lambdas: [
    ...['http', 'runtime', 'access', 'limits', 'named-limits', 'pools', 'schedules', 'states'],
    ...['deployments', 'runs', 'task-runs', 'artifacts', 'logs', 'blocks', 'variables'],
    ...['saved-searches', 'claims', 'sessions', 'why', 'server', 'authorizer'],
    ...['control-api', 'worker-api', 'scheduler'],
    ...['sweeper', 'stream', 'authorizer.handler', 'control-api.handler', 'worker-api.handler'],
    ...['scheduler.handler', 'sweeper.handler', 'stream.handler'],
  ],
  agent: [
    ...['wire', 'events', 'pause', 'agent-options', 'calls', 'child', 'logs', 'session'],
    ...['execution', 'intake', 'agent'],
  ],
  cli: [
    ...['command', 'terminal', 'agent', 'deployment', 'key', 'pool', 'queue', 'run', 'schedule'],
    ...['transfer', 'dev', 'completion', 'program', 'main'],
  ],
  cdk: [
    ...['faults', 'acknowledged', 'props', 'table', 'functions', 'http-api', 'monitoring'],
    ...['validate', 'events', 'dibs', 'agents', 'index', 'app'],
  ],
};
