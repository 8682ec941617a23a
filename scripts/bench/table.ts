import { availableParallelism } from 'node:os';
import type { Ceiling } from './ceiling.ts';
import type { Measured, Part } from './lifecycles.ts';
import { percentile } from './percentile.ts';
import type { Reading } from './readings.ts';

/** A column is as wide as its title, or has the given width. Figures are aligned to the right. */
const COLUMNS = [
  { title: 'claim', width: 12 },
  { title: 'claimers' },
  { title: 'lifecycles/s' },
  { title: 'writes/s' },
  { title: 'of ceiling' },
  { title: 'by CPU' },
  { title: 'lost/claim' },
  { title: 'p50 ms', width: 7 },
  { title: 'p99 ms', width: 7 },
  { title: 'CPU ms: server' },
  { title: 'client' },
  { title: 'database' },
  { title: 'others' },
] as const;

export const tableHead = (): string => tableLine(COLUMNS.map(({ title }) => title));

/**
 * One row of the table. `of ceiling` compares the writes per second with those of the ceiling. `by
 * CPU` compares the CPU time per write; on a busy machine, it is the more reliable figure. CPU
 * milliseconds are per lifecycle. `others` is the share of the machine that other programs used
 * meanwhile.
 */
export function tableRow(
  { mode, claimers }: Pick<Part, 'mode' | 'claimers'>,
  { seconds, lifecycles, writes, claimMs }: Measured,
  [from, to]: readonly [Reading, Reading],
  ceiling: Ceiling,
): string {
  const cpu = (of: keyof Reading['cpuMs']) => to.cpuMs[of] - from.cpuMs[of];
  const ours = cpu('server') + cpu('client') + cpu('database');
  const percent = (100 * (cpu('machine') - ours)) / (seconds * 1000 * availableParallelism());
  return tableLine([
    mode.name,
    String(claimers),
    (lifecycles / seconds).toFixed(0),
    (writes / seconds).toFixed(0),
    (writes / seconds / ceiling.updatesPerSecond).toFixed(2),
    (ceiling.cpuMs / (ours / writes)).toFixed(2),
    ((to.lost - from.lost) / (to.claims - from.claims)).toFixed(2),
    percentile(claimMs, 0.5).toFixed(1),
    percentile(claimMs, 0.99).toFixed(1),
    (cpu('server') / lifecycles).toFixed(1),
    (cpu('client') / lifecycles).toFixed(1),
    (cpu('database') / lifecycles).toFixed(1),
    `${Math.max(0, percent).toFixed(0)}%`,
  ]);
}

export const ceilingText = ({ updatesPerSecond, cpuMs }: Ceiling): string =>
  `${updatesPerSecond.toFixed(0)} conditional updates/s, 32 in flight, ${cpuMs.toFixed(2)} ms of CPU each`;

function tableLine([name = '', ...figures]: readonly string[]): string {
  const [first = 0, ...others] = COLUMNS.map((column) =>
    'width' in column ? column.width : column.title.length,
  );
  const cells = figures.map((figure, i) => figure.padStart(others[i] ?? 0));
  return [name.padEnd(first), ...cells].join('  ');
}
