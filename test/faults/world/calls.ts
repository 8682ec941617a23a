import type { ServerResponse } from 'node:http';
import type { Exchange, Reply } from '../../support/faulty-proxy.ts';

export const HEARTBEAT = 'heartbeat';

/** Every call that an agent makes. */
export const AGENT_CALLS = [
  'open',
  'claim',
  'template',
  'start',
  'policy',
  HEARTBEAT,
  'logs',
  'fail',
  'finish',
  'give back',
  'close',
] as const;

/** Every call that the SDK makes. */
export const SDK_CALLS = ['create the flow', 'create the deployment', 'run it', 'wait'] as const;

export type Call = (typeof AGENT_CALLS)[number] | (typeof SDK_CALLS)[number];

/** Those of an agent that holds a run. */
export const CALLS_ABOUT_A_RUN: readonly Call[] = [
  ...(['template', 'start', 'policy', 'logs', 'fail', 'finish', 'give back'] as const),
];

const PROPOSED: Readonly<Record<string, Call>> = {
  RUNNING: 'start',
  FAILED: 'fail',
  COMPLETED: 'finish',
  SCHEDULED: 'give back',
};

const BY_PATH: ReadonlyArray<readonly [RegExp, Call]> = [
  [/^POST .*\/claim$/, 'claim'],
  [/^GET .*\/work_pools\/[^/]+$/, 'template'],
  [/^PATCH .*\/flow_runs\/[^/]+$/, 'policy'],
  [/^POST .*\/logs\/$/, 'logs'],
  [/^POST .*\/flows\/$/, 'create the flow'],
  [/^POST .*\/deployments\/$/, 'create the deployment'],
  [/^POST .*\/create_flow_run$/, 'run it'],
  [/^GET .*\/flow_runs\/[^/]+$/, 'wait'],
];

/** Which call this is. @throws Error for one that is not listed: then the table has a hole. */
export function callOf({ method, path, body }: Exchange): Call {
  const sent = body.length > 0 ? JSON.parse(body.toString()) : {};
  if (path.endsWith('/heartbeat')) {
    if (sent.started) return 'open';
    return sent.ended ? 'close' : HEARTBEAT;
  }
  const call = path.endsWith('/set_state')
    ? PROPOSED[sent.state.type]
    : BY_PATH.find(([ways]) => ways.test(`${method} ${path}`))?.[1];
  if (!call) throw new Error(`The table of calls does not know ${method} ${path}.`);
  return call;
}

/**
 * A heartbeat's reply with a shorter lease, which an agent may assume without harm. It then beats
 * every 4 s.
 */
export function shortLease(outgoing: ServerResponse, reply: Reply | undefined): void {
  const { status = 502, body } = reply ?? {};
  const text = body?.toString() ?? '';
  const said = status === 200 ? JSON.stringify({ ...JSON.parse(text), lease_seconds: 12 }) : text;
  outgoing.writeHead(status, { 'content-type': 'application/json' }).end(said);
}
