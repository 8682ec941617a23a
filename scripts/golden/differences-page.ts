import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  DIFFERENCES_PAGE,
  withDifferences,
} from '../../test/prefect/golden/differences-section.ts';

/**
 * Writes the section of differences in docs/prefect.md from the table. The rest of the page stays.
 */
export function writeDifferences(): boolean {
  const page = fileURLToPath(DIFFERENCES_PAGE);
  writeFileSync(
    page,
    withDifferences(existsSync(page) ? readFileSync(page, 'utf8') : '# Prefect\n'),
  );
  return true;
}
