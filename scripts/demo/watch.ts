import { isFinal } from '../../model/runs/state.ts';
import type { DemoAgent } from './demo-agent.ts';
import type { Progress } from './progress.ts';
import { LEASE_SECONDS } from './proof/takeovers.ts';
import type { ReadRuns, SeenRun } from './runs.ts';

const LOOK_MS = 200;
/** The server is read only at every tenth look, so that watching does not slow down the demo. */
const ASK_EVERY_LOOKS = 10;
/**
 * If no run has finished for this long, something hangs, and the report will say what. The runs of
 * a killed agent are back earlier.
 */
const STALLED_MS = 60_000;

interface Watched {
  readonly total: number;
  readonly agents: readonly DemoAgent[];
  readonly readRuns: ReadRuns;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * Resolves when nothing more will happen, or if no run has finished for a minute. Throws the
 * signal's reason.
 */
export async function watch({ total, agents, readRuns, progress, signal }: Watched): Promise<void> {
  const dead = new Set<DemoAgent>();
  let finished = 0;
  let movedAt = performance.now();
  for (let look = 1; ; look++) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    signal.throwIfAborted();
    for (const agent of agents.filter(({ lives }) => !lives)) {
      if (dead.has(agent)) continue;
      dead.add(agent);
      await agent.gone;
      progress.say(deathText(agent, await readRuns()));
    }
    const now = agents.reduce((sum, agent) => sum + agent.finishes.length, 0);
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

/** The demo is over when all runs have ended, or when no agent is alive to take runs over. */
function isOver(runs: readonly SeenRun[], anyoneLives: boolean): boolean {
  return !anyoneLives || runs.every(({ stateType }) => isFinal(stateType));
}

function deathText({ name, pid, fate }: DemoAgent, runs: readonly SeenRun[]): string {
  const held = runs.filter(({ agent, stateType }) => agent === name && !isFinal(stateType)).length;
  if (held === 0) return `${name} (pid ${pid}) ${fate}, without a run`;
  const [what, come] = held === 1 ? ['1 run', 'it comes'] : [`${held} runs`, 'they come'];
  return (
    `${name} (pid ${pid}) ${fate} with ${what}; ${come} back when its lease expires, ` +
    `in ${LEASE_SECONDS} s at most`
  );
}
