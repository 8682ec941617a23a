import { isFinal } from '../../core/state.ts';
import { type DemoAgent, fate } from './demo-agent.ts';
import type { Progress } from './progress.ts';
import type { ReadRuns, SeenRun } from './runs.ts';

const LOOK_MS = 200;
/** The server is asked this rarely, so that looking on does not slow what is looked at. */
const ASK_EVERY_LOOKS = 10;
/** Nothing has finished for so long: something hangs, and the report will tell what. */
const STALLED_MS = 60_000;

interface Watched {
  readonly total: number;
  readonly agents: readonly DemoAgent[];
  readonly readRuns: ReadRuns;
  readonly progress: Progress;
}

/** Settles when nothing more will happen, or has not happened for a minute. */
export async function watch({ total, agents, readRuns, progress }: Watched): Promise<void> {
  const dead = new Set<DemoAgent>();
  let finished = 0;
  let movedAt = performance.now();
  for (let look = 1; ; look++) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    for (const agent of agents.filter(({ exit }) => exit)) {
      if (!dead.has(agent)) progress.say(`${agent.name} (pid ${agent.pid}): ${fate(agent)}`);
      dead.add(agent);
    }
    const now = agents.reduce((sum, agent) => sum + agent.finished, 0);
    if (now > finished) movedAt = performance.now();
    finished = now;
    progress.update(finished);
    if (performance.now() > movedAt + STALLED_MS) {
      progress.say(`nothing has finished for ${STALLED_MS / 1_000} s: the demo ends here`);
      return;
    }
    if (finished < total && look % ASK_EVERY_LOOKS > 0) continue;
    if (isOver(await readRuns(), dead.size < agents.length)) return;
  }
}

function isOver(runs: readonly SeenRun[], anyoneLives: boolean): boolean {
  return runs.every(({ stateType, holder, heldByTheLiving }) => {
    if (isFinal(stateType)) return true;
    return holder === undefined ? !anyoneLives : !heldByTheLiving;
  });
}
