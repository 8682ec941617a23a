import type { Verdict } from './check.ts';
import { ENDED_WITH_DEMO } from './demo-agent.ts';
import type { Evidence } from './evidence.ts';

export interface AgentRow {
  readonly name: string;
  readonly pid: number;
  readonly fate: string;
}

export interface Counts {
  readonly claims: number;
  readonly lostConditions: number;
  /** From the first claim to the last finish; undefined when nothing finished. */
  readonly seconds: number | undefined;
}

/** All that is printed in the end. The last line is the answer. */
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
    ...countLines(counts),
    ...(verdict.findings.length > 0 ? ['', ...verdict.findings] : []),
    ...(verdict.stillClaimed > 0
      ? ['Nothing takes a run from a dead agent yet: what it had claimed stays claimed.']
      : []),
    '',
    lastLine(verdict),
  ];
}

export function lastLine({ runs, executions, runsTwice, stillClaimed }: Verdict): string {
  const claimed = stillClaimed > 0 ? `, ${stillClaimed} still claimed` : '';
  return `${runs} runs, ${executions} executions, ${runsTwice} run twice${claimed}`;
}

function agentTable(agents: readonly AgentRow[], evidence: readonly Evidence[]): string[] {
  const rows = agents.map(({ name, pid, fate }) => {
    const executed = evidence.filter(({ agent }) => agent === name).length;
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

function countLines({ claims, lostConditions, seconds }: Counts): string[] {
  if (claims === 0) return ['no claims'];
  const ratio = (lostConditions / claims).toFixed(2);
  const lost = `lost races per claim: ${ratio} (${lostConditions} lost, ${claims} claims)`;
  if (seconds === undefined) return [lost];
  const rate = (claims / seconds).toFixed(1);
  return [lost, `${rate} claims/s, over ${seconds.toFixed(1)} s from first claim to last finish`];
}
