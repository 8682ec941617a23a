import type { Exchange } from '../../support/faulty-proxy.ts';

/** A claim as the server returned it. */
export interface Handed {
  readonly runId: string;
  readonly attempt: number;
  readonly sessionId: string;
}

/** A state of a run that the server accepted from the holder of a claim token. */
export interface Accepted {
  readonly runId: string;
  readonly attempt: number;
  readonly type: string;
  readonly transitionId: string;
}

interface ClaimedShape {
  readonly flow_run: { readonly id: string };
  readonly attempt: number;
}

/** What the server sent to agents, whether or not they received it, taken from the traffic. */
export function readLedger(exchanges: readonly Exchange[]): {
  handed: Handed[];
  accepted: Accepted[];
} {
  const handed: Handed[] = [];
  const accepted: Accepted[] = [];
  for (const { path, body, reply } of exchanges) {
    if (!reply || reply.status >= 300) continue;
    const asked = parse(body);
    const told = parse(reply.body);
    const beating = /\/sessions\/([^/]+)\/heartbeat$/.exec(path);
    if (path.endsWith('/claim')) handed.push(...handedOut(told.runs, asked.session_id));
    else if (beating) handed.push(...handedOut(told.unknown, beating[1] ?? ''));
    const moving = /\/flow_runs\/([^/]+)\/set_state$/.exec(path);
    if (!moving || told.status !== 'ACCEPT' || !asked.claim_token) continue;
    const attempt = Number(String(asked.claim_token).split('.')[1]);
    const { type, state_details } = asked.state;
    const transitionId = state_details.transition_id;
    accepted.push({ runId: moving[1] ?? '', attempt, type, transitionId });
  }
  return { handed, accepted };
}

// biome-ignore lint/suspicious/noExplicitAny: what was sent, as it was sent.
const parse = (body: Buffer): any => (body.length > 0 ? JSON.parse(body.toString()) : {});

const handedOut = (claims: readonly ClaimedShape[] = [], sessionId: string): Handed[] =>
  claims.map(({ flow_run, attempt }) => ({ runId: flow_run.id, attempt, sessionId }));
