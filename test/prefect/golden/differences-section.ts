import { DIFFERENCES } from './differences.ts';

export const DIFFERENCES_PAGE = new URL('../../../docs/prefect.md', import.meta.url);
const HEADING = '## Where dibs answers otherwise';
const SECTION = /^## Where dibs answers otherwise\n[\s\S]*?(?=^## |$(?![\s\S]))/m;

/** The page with the section written from the table of differences, in its place or at the end. */
export function withDifferences(page: string): string {
  const lines = [...new Set(DIFFERENCES.map(({ reason }) => `- ${reason}`))];
  const section = `${HEADING}\n\n${lines.join('\n')}${lines.length > 0 ? '\n' : ''}`;
  if (!SECTION.test(page)) return `${page.trimEnd()}\n\n${section}`;
  const isLast = page.trimEnd().endsWith(SECTION.exec(page)?.[0].trimEnd() ?? '');
  return page.replace(SECTION, () => (isLast ? section : `${section}\n`));
}
