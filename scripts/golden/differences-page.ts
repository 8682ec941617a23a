import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  DIFFERENCES_PAGE,
  withDifferences,
} from '../../test/prefect/golden/differences-section.ts';

/** docs/prefect.md with the section of differences as the table has it; the rest stays as it is. */
export function writeDifferences(): boolean {
  const page = fileURLToPath(DIFFERENCES_PAGE);
  writeFileSync(
    page,
    withDifferences(existsSync(page) ? readFileSync(page, 'utf8') : '# Prefect\n'),
  );
  return true;
}
