import { type Client, createClient } from '../../client/index.ts';
import { type Deployed, deploy } from '../../sdk/index.ts';
import type { PlannedRun, RunRecord } from './check.ts';
import type { DemoAgent } from './demo-agent.ts';
import { type Fingerprint, fingerprint } from './fingerprint.ts';
import { hashAndCount } from './flow.ts';

const MODULE = new URL('./flow.ts', import.meta.url).href;
const AT_ONCE = 8;
/** Runs one filter answers with at the most. */
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

/** One run per file, and of each file what must come out. */
export async function createRuns(
  deployed: DeployedFlow,
  paths: readonly string[],
): Promise<PlannedRun[]> {
  const planned: PlannedRun[] = [];
  const left = paths.entries();
  const worker = async () => {
    for (const [index, path] of left) {
      const expected = await fingerprint(path);
      const { id, name } = await deployed.run({ path });
      planned[index] = { id, name, path, expected };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return planned;
}

export type ReadRuns = () => Promise<SeenRun[]>;

export interface SeenRun extends RunRecord {
  readonly endedAt: number | undefined;
  /** False when no process is left that could move the run on: its holder's is gone. */
  readonly heldByTheLiving: boolean;
}

/** Reads all runs as the server has them now. */
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
      heldByTheLiving: session !== undefined && agent?.lives !== false,
    };
  };
}
