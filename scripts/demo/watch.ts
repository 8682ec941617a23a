import { isFinal } from '../../core/state.ts';
import type { DemoAgent } from './demo-agent.ts';
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
  readonly signal: AbortSignal;
}

/**
 * Settles when nothing more will happen, or nothing has happened for a minute. Throws the signal's
 * reason.
 */
export async function watch({ total, agents, readRuns, progress, signal }: Watched): Promise<void> {
  const dead = new Set<DemoAgent>();
  let finished = 0;
  let movedAt = performance.now();
  for (let look = 1; ; look++) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    signal.throwIfAborted();
    for (const agent of agents.filter(({ lives }) => !lives)) {
      if (!dead.has(agent)) progress.say(`${agent.name} (pid ${agent.pid}): ${agent.fate}`);
      dead.add(agent);
    }
    const now = agents.reduce((sum, agent) => sum + agent.finished, 0);
    if (now > finished) movedAt = performance.now();
    finished = now;
    progress.update(Math.min(finished, total));
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
