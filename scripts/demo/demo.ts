import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '../../client/index.ts';
import { startLocalStack } from '../../local/stack.ts';
import { type AgentToStart, type DemoAgent, startDemoAgent } from './demo-agent.ts';
import { largestTextFiles } from './input-files.ts';
import { killMidway } from './kill-midway.ts';
import type { DemoOptions } from './options.ts';
import { startProgress } from './progress.ts';
import { check } from './proof/check.ts';
import { readEvidence } from './proof/evidence.ts';
import { reportLines } from './report.ts';
import { createReadRuns, createRuns, deployFlow, readClaims } from './runs.ts';
import { watch } from './watch.ts';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const POOL = 'demo';
const LIMIT = 2;

/** Ends what the demo started, in reverse order, whatever happens. */
export type Started = Array<() => Promise<void> | void>;

/**
 * Runs the demo and prints its report. Returns true if no check failed. Throws the signal's reason.
 */
export async function demo(
  options: DemoOptions,
  started: Started,
  signal: AbortSignal,
): Promise<boolean> {
  const directory = mkdtempSync(join(tmpdir(), 'dibs-demo-'));
  started.push(() => rmSync(directory, { recursive: true, force: true }));
  const evidence = join(directory, 'evidence');
  mkdirSync(evidence);
  const paths = largestTextFiles(MODULES, options.runs);

  const tally = { claims: 0, lostConditions: 0, firstClaimAt: 0 };
  const stack = await startLocalStack({
    port: 0,
    data: 'memory',
    count: (metric, by) => {
      if (metric === 'lost_conditions') tally.lostConditions += by;
      if (metric !== 'claims' || by === 0) return;
      tally.claims += by;
      tally.firstClaimAt ||= Date.now();
    },
  });
  started.push(() => stack.stop());
  console.log(`dibs on this machine, in memory: ${stack.url}`);

  const client = createClient({ url: stack.url });
  const { gate, kill } = options;
  const deployed = await deployFlow(client, POOL, { evidence, ...(gate ? { gate } : {}) });
  const planned = await createRuns(deployed, paths);
  const megabytes = planned.reduce((sum, { expected }) => sum + expected.bytes, 0) / 1e6;
  console.log(
    `${planned.length} runs wait: hash and count one each of the ${planned.length} largest text ` +
      `files under node_modules (${megabytes.toFixed(1)} MB)`,
  );

  // The agents start only now, so that they compete for all runs.
  const agents = await startAgents(
    options,
    {
      pool: POOL,
      limit: LIMIT,
      url: stack.url,
      directory,
      onRunStarted: kill ? killMidway(planned.length) : () => {},
    },
    started,
  );
  const progress = startProgress(planned.length);
  const readRuns = createReadRuns(stack.url, planned, agents);
  started.push(progress.stop);
  const total = planned.length;
  const broken = stack.broken.then((error) => Promise.reject(error));
  await Promise.race([watch({ total, agents, readRuns, progress, signal }), broken]);
  progress.stop();
  await Promise.all(agents.map((agent) => agent.stop()));

  const records = await readRuns();
  const claims = await readClaims(client, planned, agents);
  const executions = await readEvidence(evidence);
  signal.throwIfAborted();
  const verdict = check({
    planned,
    records,
    claims,
    evidence: executions,
    finishes: agents.flatMap(({ finishes }) => finishes),
    deaths: agents.flatMap(({ death }) => death ?? []),
    kill,
  });
  const takenOver = new Set(verdict.takeovers.map(({ run }) => run.id));
  const ends = records.flatMap(({ id, endedAt }) => (takenOver.has(id) ? [] : (endedAt ?? [])));
  const seconds = ends.length > 0 ? (Math.max(...ends) - tally.firstClaimAt) / 1_000 : undefined;
  const lines = reportLines(verdict, agents, executions, { ...tally, seconds });
  console.log(lines.join('\n'));
  return verdict.findings.length === 0;
}

async function startAgents(
  { agents: count, kill }: DemoOptions,
  options: Omit<AgentToStart, 'name'>,
  started: Started,
): Promise<DemoAgent[]> {
  const names = Array.from({ length: count }, (_, i) => `agent-${String.fromCharCode(97 + i)}`);
  const starting = names.map((name) => startDemoAgent({ name, ...options }));
  started.push(async () => {
    const settled = await Promise.allSettled(starting);
    const agents = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    await Promise.all(agents.map((agent) => agent.stopNow()));
  });
  const agents = await Promise.all(starting);
  for (const { name, pid } of agents) console.log(`${name}: pid ${pid}`);
  const more = kill ? 'midway one is killed' : `to kill one: kill -9 ${agents.at(-1)?.pid}`;
  console.log(`each runs ${LIMIT} at once; ${more}`);
  await Promise.all(agents.map(({ ready }) => ready));
  return agents;
}
