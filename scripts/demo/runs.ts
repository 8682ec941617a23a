import { type Client, createClient } from '../../client/index.ts';
import { type Deployed, deploy } from '../../sdk/index.ts';
import type { DemoAgent } from './demo-agent.ts';
import { hashAndCount } from './flow.ts';
import type { ClaimRecord, PlannedRun, RunRecord } from './proof/facts.ts';
import { type Fingerprint, fingerprint } from './proof/fingerprint.ts';

const MODULE = new URL('./flow.ts', import.meta.url).href;
const AT_ONCE = 8;
/** The most runs that one filter returns. */
const PAGE = 200;

type DeployedFlow = Deployed<{ path: string }, Fingerprint>;

export async function deployFlow(
  client: Client,
  pool: string,
  parameters: { readonly evidence: string; readonly gate?: string },
): Promise<DeployedFlow> {
  await client.createWorkPool({ body: { name: pool, type: 'process' } });
  const options = { name: 'demo', pool, module: MODULE, export: 'hashAndCount', client };
  return deploy(hashAndCount, { ...options, parameters });
}

/** Creates one run per file, and computes the result that it must have. */
export async function createRuns(
  deployed: DeployedFlow,
  paths: readonly string[],
): Promise<PlannedRun[]> {
  const planned: PlannedRun[] = [];
  await someAtOnce(paths.entries(), async ([index, path]) => {
    const expected = await fingerprint(path);
    const { id, name } = await deployed.run({ path });
    planned[index] = { id, name, path, expected };
  });
  return planned;
}

async function someAtOnce<T>(of: Iterable<T>, act: (one: T) => Promise<void>): Promise<void> {
  // Shared by all loops: each takes a file that no other loop has taken.
  const left = of[Symbol.iterator]();
  const worker = async () => {
    for (let next = left.next(); !next.done; next = left.next()) await act(next.value);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

export type ReadRuns = () => Promise<SeenRun[]>;

export interface SeenRun extends RunRecord {
  readonly endedAt: number | undefined;
  /** The agent that holds the run, if it is one of the demo's agents. */
  readonly agent: string | undefined;
}

/** Reads all runs as they are on the server now. */
export function createReadRuns(
  url: string,
  planned: readonly PlannedRun[],
  agents: readonly DemoAgent[],
): ReadRuns {
  const client = createClient({ url });
  const see = seeWith(agents);
  return async () => {
    const pages: Promise<SeenRun[]>[] = [];
    for (let from = 0; from < planned.length; from += PAGE) {
      const ids = planned.slice(from, from + PAGE).map(({ id }) => id);
      const page = client.filterFlowRuns({ body: { flow_runs: { id: { any_: ids } } } });
      pages.push(page.then((runs) => runs.map(see)));
    }
    return (await Promise.all(pages)).flat();
  };
}

/** Reads who held each run, and when. */
export async function readClaims(
  client: Client,
  planned: readonly PlannedRun[],
  agents: readonly DemoAgent[],
): Promise<Map<string, ClaimRecord[]>> {
  const claims = new Map<string, ClaimRecord[]>();
  const nameOf = (session: string) =>
    agents.find((agent) => agent.hasSession(session))?.name ?? `session ${session}`;
  await someAtOnce(planned, async ({ id }) => {
    const told = await client.readFlowRunClaims({ id });
    const records = told.map(({ attempt, session_id, claimed, ended, reason }) => ({
      attempt,
      agent: nameOf(session_id),
      claimedAt: Date.parse(claimed),
      endedAt: ended === null ? null : Date.parse(ended),
      reason,
    }));
    claims.set(id, records);
  });
  return claims;
}

type FlowRun = Awaited<ReturnType<Client['filterFlowRuns']>>[number];

function seeWith(agents: readonly DemoAgent[]): (run: FlowRun) => SeenRun {
  return (run) => {
    const session = run.claimed_by?.session_id;
    const agent = session ? agents.find((candidate) => candidate.hasSession(session)) : undefined;
    const holder = agent ? `${agent.name} (${agent.fate})` : session && `session ${session}`;
    return {
      id: run.id,
      stateType: run.state_type,
      stateName: run.state_name,
      message: run.state?.message ?? null,
      data: run.state?.data,
      holder,
      endedAt: run.end_time ? Date.parse(run.end_time) : undefined,
      agent: agent?.name,
    };
  };
}
