import type { Artifact } from '../../model/artifacts.ts';
import { combine, type Matches, type Operator, of } from '../criteria/criteria.ts';
import { type AmongIds, type AmongNames, amongIds, amongNames } from '../criteria/text.ts';

interface AmongKeys extends AmongNames {
  readonly exists_?: boolean | null | undefined;
}

export interface ArtifactFilter {
  readonly operator?: Operator | null | undefined;
  readonly id?: AmongIds | null | undefined;
  readonly key?: AmongKeys | null | undefined;
  readonly flow_run_id?: AmongIds | null | undefined;
  readonly task_run_id?: AmongIds | null | undefined;
  readonly type?: AmongIds | null | undefined;
}

export const matchesArtifact = (filter: ArtifactFilter | null | undefined): Matches<Artifact> =>
  combine<Artifact>(filter?.operator, [
    of(filter?.id, amongIds, ({ id }) => id),
    of(filter?.key, amongKeys, ({ key }) => key),
    of(filter?.flow_run_id, amongIds, ({ flowRunId }) => flowRunId),
    of(filter?.task_run_id, amongIds, ({ taskRunId }) => taskRunId),
    of(filter?.type, amongIds, ({ type }) => type),
  ]);

function amongKeys({ exists_, ...names }: AmongKeys): Matches<string | null> {
  const matches = amongNames(names);
  return (key) => matches(key) && (exists_ == null || (key !== null) === exists_);
}
