import type { DemoAgent } from './demo-agent.ts';

/**
 * Early enough that the other agents still have work for much of the time until the lease expires.
 */
const PART = 1 / 4;

/**
 * Kills the agent that starts the middle one of all runs, at that very moment. The run's process
 * has not even loaded its code then, so the agent certainly holds the run.
 */
export function killMidway(runs: number): (agent: Pick<DemoAgent, 'kill'>) => void {
  const last = Math.floor(runs * PART) + 1;
  let started = 0;
  return (agent) => {
    started++;
    if (started === last) agent.kill();
  };
}
