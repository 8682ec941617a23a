import type { Artifact, LatestArtifact } from '../../model/artifacts.ts';
import type { Instant } from '../../model/values/instant.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import type { ArtifactSort } from '../../model/values/sorts.ts';
import type { Context } from '../context.ts';
import { type Enough, newestFirst, tooBroad } from '../criteria/newest-first.ts';
import { orderBy } from '../criteria/sort-records.ts';
import { type ArtifactFilter, matchesArtifact } from '../filters/artifacts.ts';
import { findRuns } from '../queries/find-runs.ts';
import type { RunQuery } from '../queries/match-runs.ts';
import { filterTaskRuns } from '../queries/task-runs-by-runs.ts';

/** Filters of artifacts: by their own fields and by the runs that created them. */
export type ArtifactQuery = { readonly artifacts?: ArtifactFilter | null | undefined } & Pick<
  RunQuery,
  'taskRuns' | 'flowRuns' | 'flows' | 'deployments'
>;

/**
 * Returns the artifacts that match; with `page`, that page of them. They are found by their ids, or
 * else by their keys, or else by their flow runs, or else through the timeline, newest first.
 * @throws DibsError filter_too_broad
 */
export async function filterArtifacts(
  context: Context,
  query: ArtifactQuery,
  sort: ArtifactSort,
  page?: { readonly offset: number; readonly limit: number },
): Promise<Artifact[]> {
  const { store } = context;
  const among = await amongRuns(context, query);
  const matches = matchesArtifact(query.artifacts);
  const matching = async (found: Artifact[]) => found.filter((one) => matches(one) && among(one));
  const count = page && LATEST[sort] ? page.offset + page.limit : undefined;
  const enough: Enough<Artifact> | undefined =
    count === undefined ? undefined : { count, time: createdAt, id: ({ id }) => id };
  const ids = await proposed(context, query.artifacts);
  if (ids && ids.length > NUMBERS.filterReads) throw tooBroad();
  const flowRunIds = decisive(query.artifacts)?.flow_run_id?.any_;
  const found = ids
    ? await matching(await store.readArtifacts(ids))
    : await newestFirst(
        {
          list: (window) =>
            store.listArtifacts({ ...window, ...(flowRunIds ? { flowRunIds } : {}) }),
          read: store.readArtifacts,
        },
        matching,
        enough,
      );
  const ordered = found.sort(COMPARE[sort]);
  return page ? ordered.slice(page.offset, page.offset + page.limit) : ordered;
}

/**
 * The latest artifacts of each key that match. The filter's `id` is the id of the latest artifact.
 */
export async function filterLatestArtifacts(
  context: Context,
  query: ArtifactQuery,
  sort: ArtifactSort,
): Promise<LatestArtifact[]> {
  const keys = await context.store.listArtifactKeys();
  const latest = await context.store.readArtifacts(keys.map(({ latestId }) => latestId));
  const byId = new Map(latest.map((artifact) => [artifact.id, artifact]));
  const among = await amongRuns(context, query);
  const matches = matchesArtifact(query.artifacts);
  return keys
    .flatMap((key) => {
      const artifact = byId.get(key.latestId);
      return artifact && matches(artifact) && among(artifact) ? [{ key, artifact }] : [];
    })
    .sort((a, b) => COMPARE[sort](a.artifact, b.artifact));
}

const decisive = (filter: ArtifactFilter | null | undefined) =>
  filter?.operator === 'or_' ? undefined : filter;

async function proposed(
  { store }: Context,
  filter: ArtifactFilter | null | undefined,
): Promise<readonly string[] | undefined> {
  const { id, key } = decisive(filter) ?? {};
  if (id?.any_) return id.any_;
  if (!key?.any_) return undefined;
  const versions = await Promise.all(
    [...new Set(key.any_)].map((key) => store.listArtifactVersions(key)),
  );
  return versions.flat();
}

/** A predicate: whether an artifact belongs to one of the runs that the query asks for. */
async function amongRuns(
  context: Context,
  { taskRuns, flowRuns, flows, deployments }: ArtifactQuery,
): Promise<(artifact: Artifact) => boolean> {
  const runs =
    flowRuns || flows || deployments
      ? new Set((await findRuns(context, { flowRuns, flows, deployments })).map(({ id }) => id))
      : undefined;
  const tasks = taskRuns
    ? new Set((await filterTaskRuns(context, { taskRuns }, 'ID_DESC')).map((one) => one.taskRun.id))
    : undefined;
  return ({ flowRunId, taskRunId }) =>
    (runs?.has(flowRunId ?? '') ?? true) && (tasks?.has(taskRunId ?? '') ?? true);
}

type Compare = (a: Artifact, b: Artifact) => number;
const createdAt = ({ createdAt: at }: Artifact): Instant => at;
const by = orderBy(({ id }: Artifact) => id);

/** The sort orders that the timeline has as well. */
const LATEST: Readonly<Partial<Record<ArtifactSort, true>>> = { ID_DESC: true, CREATED_DESC: true };
const COMPARE: Readonly<Record<ArtifactSort, Compare>> = {
  ID_DESC: by(createdAt, -1),
  CREATED_DESC: by(createdAt, -1),
  UPDATED_DESC: by(({ updatedAt }) => updatedAt, -1),
  KEY_DESC: by(({ key }) => key ?? '', -1),
  KEY_ASC: by(({ key }) => key ?? '', 1),
};
