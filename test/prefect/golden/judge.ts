import type { Finding } from './compare.ts';
import { DIFFERENCES } from './differences.ts';
import type { WantedDifference } from './wanted-difference.ts';

/**
 * What is wrong: a difference that is not in the list, or one in the list that no longer exists.
 */
export interface Verdict {
  readonly unwanted: readonly Finding[];
  readonly gone: readonly string[];
}

export function judge(
  findings: readonly Finding[],
  wanted: readonly WantedDifference[] = DIFFERENCES,
): Verdict {
  const unwanted = findings.filter((finding) => !wanted.some((one) => covers(one, finding)));
  const gone = wanted.flatMap((one) =>
    one.where
      .filter((where) => !findings.some((finding) => covers({ ...one, where: [where] }, finding)))
      .map((where) => `${where}: answered as Prefect does, though "${one.reason}" is listed`),
  );
  return { unwanted, gone };
}

export const tell = ({ where, at, prefect, dibs }: Finding): string =>
  `${where}\n    ${at}: Prefect ${JSON.stringify(prefect)}, dibs ${JSON.stringify(dibs)}`;

/** True if dibs failed with 5xx, which is never a wanted difference. */
const isFault = ({ at, dibs }: Finding): boolean => at === 'status' && String(dibs).startsWith('5');

const covers = ({ where, at = ['*'] }: WantedDifference, finding: Finding): boolean =>
  !isFault(finding) &&
  where.some((pattern) => fits(pattern, finding.where)) &&
  at.some((pattern) => fits(pattern, finding.at));

/** True if the text matches the pattern, in which `*` means any text. */
function fits(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}
