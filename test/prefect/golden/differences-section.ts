import { BETWEEN_VERSIONS, TWO_VERSIONS } from './between-versions.ts';
import { DIFFERENCES } from './differences.ts';
import { BESIDE, REFERENCE } from './recordings.ts';
import type { WantedDifference } from './wanted-difference.ts';

export const DIFFERENCES_PAGE = new URL('../../../docs/prefect.md', import.meta.url);

/** The page with its sections written from the tables of differences, in their places or at the end. */
export const withDifferences = (page: string): string =>
  withSection(
    withSection(
      page,
      `Where ${BESIDE} and ${REFERENCE} differ`,
      `${TWO_VERSIONS}\n\n`,
      BETWEEN_VERSIONS,
    ),
    'Where dibs answers otherwise',
    '',
    DIFFERENCES,
  );

function withSection(
  page: string,
  title: string,
  about: string,
  table: readonly WantedDifference[],
): string {
  const heading = `## ${title}`;
  const pattern = new RegExp(
    `^${heading.replaceAll('.', '\\.')}\\n[\\s\\S]*?(?=^## |$(?![\\s\\S]))`,
    'm',
  );
  const lines = [...new Set(table.map(({ reason }) => `- ${reason}`))];
  const section = `${heading}\n\n${about}${lines.join('\n')}${lines.length > 0 ? '\n' : ''}`;
  if (!pattern.test(page)) return `${page.trimEnd()}\n\n${section}`;
  const isLast = page.trimEnd().endsWith(pattern.exec(page)?.[0].trimEnd() ?? '');
  return page.replace(pattern, () => (isLast ? section : `${section}\n`));
}
