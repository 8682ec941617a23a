import { isFinal } from '../../../model/runs/state.ts';
import { SECOND } from '../../../model/values/instant.ts';
import { NUMBERS } from '../../../model/values/numbers.ts';
import { type Death, type Facts, nameOf, type PlannedRun } from './facts.ts';
import { LOST } from './twice.ts';

/** A run that an agent held when it died, and that another agent then claimed and finished. */
export interface Takeover {
  readonly run: PlannedRun;
  readonly from: Death;
  readonly by: string;
  readonly attempt: number;
  /** Seconds from the agent's death to the next claim. */
  readonly seconds: number;
}

export const LEASE_SECONDS = NUMBERS.lease / SECOND;
/**
 * Polls notice an expired lease within 5 s, and an idle agent polls every 10 s
 * (agent/intake/poller.ts).
 */
const WITHIN_SECONDS = LEASE_SECONDS + 5 + 10;

/**
 * Finds the runs that were taken over. The server measured the times of claims, and the demo
 * measured the time of each death. Both use one clock, because the server runs in the demo's own
 * process.
 */
export function takeoversIn({ planned, records, claims, deaths }: Facts): Takeover[] {
  const finished = new Set(records.flatMap(({ id, stateType }) => (isFinal(stateType) ? id : [])));
  return planned.flatMap((run) =>
    (claims.get(run.id) ?? []).flatMap(({ agent, reason }, i, all) => {
      const from = deaths.find((death) => death.agent === agent);
      const next = all[i + 1];
      if (reason !== LOST || !from || !next || !finished.has(run.id)) return [];
      const seconds = (next.claimedAt - from.at) / 1_000;
      return [{ run, from, by: next.agent, attempt: next.attempt, seconds }];
    }),
  );
}

/** What is wrong with the way runs were taken over, and with the way agents ended. */
export function takeoverFindings(facts: Facts, takeovers: readonly Takeover[]): string[] {
  const { planned, claims, deaths, kill } = facts;
  const late = takeovers.filter(({ seconds }) => seconds > WITHIN_SECONDS);
  const killed = deaths.find(({ byDemo }) => byDemo);
  const held = killed && takeovers.some(({ from }) => from === killed);
  const robbed = planned.flatMap((run) =>
    (claims.get(run.id) ?? []).flatMap(({ agent, attempt, reason }) => {
      if (reason !== LOST || deaths.some((death) => death.agent === agent)) return [];
      return [`taken from ${agent}, which lives: ${nameOf(run)} (attempt ${attempt})`];
    }),
  );
  return [
    ...late.map(
      ({ run, from, by, seconds }) =>
        `taken over late: ${nameOf(run)}: by ${by} ${seconds.toFixed(1)} s after ${from.agent} ` +
        `died, and not within ${WITHIN_SECONDS} s`,
    ),
    ...robbed,
    ...deaths
      .filter(({ fate }) => fate !== 'killed' && fate !== 'stopped')
      .map(({ agent, fate }) => `${agent} ended by itself: ${fate}`),
    ...(kill && !killed ? ['no agent was killed'] : []),
    ...(killed && !held ? [`nothing was taken over from ${killed.agent}, which was killed`] : []),
  ];
}
