import { percentile } from '../bench/percentile.ts';
import type { Measured } from './measure.ts';

const COLUMNS = [
  { title: 'server', width: 8 },
  { title: 'claimers' },
  { title: 'runs', width: 5 },
  { title: 'creates/s' },
  { title: 'lifecycles/s' },
  { title: 'executions/s' },
  { title: 'claim p50 ms' },
  { title: 'claim p99 ms' },
  { title: 'executed more than once', width: 23 },
] as const;

export const tableHead = (): string => tableLine(COLUMNS.map(({ title }) => title));

export function tableRow(measured: Measured): string {
  const { server, claimers, runs, claimMs, unfinished, askedAgain } = measured;
  const notes = [
    unfinished > 0 ? `${unfinished} NOT FINISHED` : '',
    askedAgain > 0 ? `${askedAgain} answers 429 or 503` : '',
  ].filter((note) => note !== '');
  const line = tableLine([
    server,
    String(claimers),
    String(runs),
    measured.createsPerSecond.toFixed(1),
    measured.lifecyclesPerSecond.toFixed(1),
    measured.executionsPerSecond.toFixed(1),
    percentile(claimMs, 0.5).toFixed(1),
    percentile(claimMs, 0.99).toFixed(1),
    `${measured.executedAgain} of ${runs}`,
  ]);
  return [line, ...notes].join('  ');
}

/** One line for each number of claimers with which both servers were measured. */
export function ratioLines(prefect: readonly Measured[], dibs: readonly Measured[]): string[] {
  return prefect.flatMap((theirs) => {
    const ours = dibs.find(({ claimers }) => claimers === theirs.claimers);
    if (!ours) return [];
    const times = (of: (measured: Measured) => number) => `${(of(ours) / of(theirs)).toFixed(1)}x`;
    const claim = (share: number) => (measured: Measured) => percentile(measured.claimMs, share);
    const cells = [
      '',
      String(theirs.claimers),
      '',
      times((measured) => measured.createsPerSecond),
      times((measured) => measured.lifecyclesPerSecond),
      times((measured) => measured.executionsPerSecond),
      times(claim(0.5)),
      times(claim(0.99)),
      '',
    ];
    return [tableLine(cells).trimEnd()];
  });
}

function tableLine([name = '', ...figures]: readonly string[]): string {
  const [first = 0, ...others] = COLUMNS.map((column) =>
    'width' in column ? column.width : column.title.length,
  );
  const cells = figures.map((figure, i) => figure.padStart(others[i] ?? 0));
  return [name.padEnd(first), ...cells].join('  ');
}
