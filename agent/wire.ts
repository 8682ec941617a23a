import type { BodyIn, ReplyBody } from '../api/route.ts';
import type { ROUTES } from '../api/routes.ts';

/** A run that was claimed for this agent, with all it needs to execute it. */
export type Claim = ReplyBody<typeof ROUTES.claim>['runs'][number];

export type HeartbeatReply = ReplyBody<typeof ROUTES.heartbeat>;

/** A state as the server tells it. */
export type State = NonNullable<ReplyBody<typeof ROUTES.setState>['state']>;

/** A state as we propose it. */
export type StateProposal = BodyIn<typeof ROUTES.setState>['state'];

/** One claim of a run, as text. */
export function claimKey(id: string, attempt: number): string {
  return `${id}#${attempt}`;
}

/** What events tell of a run. Never its token, never its parameters. */
export function runOf({ flow_run, attempt }: Claim) {
  return { runId: flow_run.id, runName: flow_run.name, attempt };
}
