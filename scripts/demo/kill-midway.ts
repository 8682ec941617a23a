import type { DemoAgent } from './demo-agent.ts';

/** Early enough for the others' work to hide much of the wait for the lease. */
const PART = 1 / 4;

/**
 * Of many agents, kills the one that starts the run in the middle, at that very moment: the run's
 * process has not even loaded its code, so the agent certainly holds it.
 */
export function killMidway(runs: number): (agent: Pick<DemoAgent, 'kill'>) => void {
  const last = Math.floor(runs * PART) + 1;
  let started = 0;
  return (agent) => {
    started++;
    if (started === last) agent.kill();
  };
}
