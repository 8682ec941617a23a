import type { BodyIn, ReplyBody } from '../api/route.ts';
import type { ROUTES } from '../api/routes.ts';

/** A run that this agent has claimed, with all it needs to execute it. */
export type Claim = ReplyBody<typeof ROUTES.claim>['runs'][number];

export type HeartbeatReply = ReplyBody<typeof ROUTES.heartbeat>;

/** A state in a response of the server. */
export type State = NonNullable<ReplyBody<typeof ROUTES.setState>['state']>;

/** A state as the agent proposes it. */
export type StateProposal = BodyIn<typeof ROUTES.setState>['state'];

/** A number from the server within sane bounds. What is no number becomes the lower bound. */
export function between(value: number, { min, max }: { min: number; max: number }): number {
  return value > min ? Math.min(value, max) : min;
}

/** Identifies one claim of a run: `<run id>#<attempt>`. */
export function claimKey(id: string, attempt: number): string {
  return `${id}#${attempt}`;
}

/** What events say about a run. Never its token, never its parameters. */
export function runOf({ flow_run, attempt }: Claim) {
  return { runId: flow_run.id, runName: flow_run.name, attempt };
}
