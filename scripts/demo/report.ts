import { ENDED_WITH_DEMO } from './demo-agent.ts';
import type { Verdict } from './proof/check.ts';
import type { Evidence } from './proof/evidence.ts';
import type { Takeover } from './proof/takeovers.ts';

export interface AgentRow {
  readonly name: string;
  readonly pid: number;
  readonly fate: string;
}

export interface Counts {
  readonly claims: number;
  readonly lostConditions: number;
  /**
   * From the first claim to the last finish, of runs that were not taken over. Undefined if there
   * is none.
   */
  readonly seconds: number | undefined;
}

/** The lines that are printed at the end. The last line is the result. */
export function reportLines(
  verdict: Verdict,
  agents: readonly AgentRow[],
  evidence: readonly Evidence[],
  counts: Counts,
): string[] {
  return [
    '',
    ...agentTable(agents, evidence),
    '',
    ...countLines(counts, verdict.takeovers.length),
    ...takeoverLines(verdict.takeovers),
    ...verdict.notes,
    ...(verdict.findings.length > 0 ? ['', ...verdict.findings] : []),
    '',
    lastLine(verdict),
  ];
}

export function lastLine(verdict: Verdict): string {
  const { runs, finishedOnce, runsTwice, stillClaimed, takeovers } = verdict;
  const claimed = stillClaimed > 0 ? `, ${stillClaimed} still claimed` : '';
  const last = Math.max(...takeovers.map(({ seconds }) => seconds));
  const from = new Set(takeovers.map((one) => one.from.agent)).size > 1 ? 'agents' : 'agent';
  const taken =
    takeovers.length > 0
      ? `, ${takeovers.length} taken over from the killed ${from} after ${last.toFixed(1)} s`
      : '';
  return `${runs} runs, ${finishedOnce} finished once, ${runsTwice} run twice${taken}${claimed}`;
}

function takeoverLines(takeovers: readonly Takeover[]): string[] {
  const widest = Math.max(...takeovers.map(({ run }) => run.name.length));
  return takeovers.map(
    ({ run, from, by, attempt, seconds }) =>
      `taken over: ${run.name.padEnd(widest)}  held by ${from.agent} when it died, ` +
      `claimed by ${by} ${seconds.toFixed(1)} s later (attempt ${attempt})`,
  );
}

function agentTable(agents: readonly AgentRow[], evidence: readonly Evidence[]): string[] {
  const rows = agents.map(({ name, pid, fate }) => {
    const executed = evidence.filter(({ agent, result }) => agent === name && result).length;
    return [name, String(pid), String(executed), fate === ENDED_WITH_DEMO ? '' : fate];
  });
  const table = [['agent', 'pid', 'runs executed', ''], ...rows];
  const width = (column: number) => Math.max(...table.map((row) => row[column]?.length ?? 0));
  const widths = [width(0), width(1), width(2)] as const;
  return table.map(([name = '', pid = '', executed = '', fate = '']) =>
    [name.padEnd(widths[0]), pid.padStart(widths[1]), executed.padStart(widths[2]), fate]
      .join('  ')
      .trimEnd(),
  );
}

function countLines({ claims, lostConditions, seconds }: Counts, takenOver: number): string[] {
  if (claims === 0) return ['no claims'];
  const ratio = (lostConditions / claims).toFixed(2);
  const lost = `lost races per claim: ${ratio} (${lostConditions} lost, ${claims} claims)`;
  if (seconds === undefined) return [lost];
  const rate = ((claims - takenOver) / seconds).toFixed(1);
  const wait = takenOver > 0 ? ', without runs that were taken over' : '';
  const over = `over ${seconds.toFixed(1)} s from first claim to last finish`;
  return [lost, `${rate} claims/s, ${over}${wait}`];
}
