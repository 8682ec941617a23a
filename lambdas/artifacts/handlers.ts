import type * as z from 'zod';
import type { artifactsRoutes } from '../../api/artifacts/routes.ts';
import type { Artifact as ArtifactSchema } from '../../api/artifacts/schemas.ts';
import {
  createArtifact,
  deleteArtifact,
  readArtifact,
  readLatestArtifact,
  updateArtifact,
} from '../../core/artifacts/artifacts.ts';
import { filterArtifacts, filterLatestArtifacts } from '../../core/artifacts/find-artifacts.ts';
import type { Artifact, LatestArtifact } from '../../model/artifacts.ts';
import { toIso } from '../../model/values/instant.ts';
import type { Handles } from '../http/http.ts';
import { onPage, pageOf, thatFit } from '../http/page.ts';

export const artifactHandlers = {
  createArtifact: async (context, { body }) => {
    const artifact = await createArtifact(context, {
      key: body.key ?? null,
      type: body.type ?? null,
      description: body.description ?? null,
      data: body.data ?? null,
      metadata: body.metadata_ ?? null,
      flowRunId: body.flow_run_id ?? null,
      taskRunId: body.task_run_id ?? null,
    });
    return { status: 201, body: shape(artifact) };
  },

  filterArtifacts: async (context, { body }) => {
    const sort = body?.sort ?? 'ID_DESC';
    const found = await filterArtifacts(context, queryOf(body), sort, pageOf(body));
    return { status: 200, body: thatFit(found.map(shape)) };
  },

  countArtifacts: async (context, { body }) => ({
    status: 200,
    body: (await filterArtifacts(context, queryOf(body), 'ID_DESC')).length,
  }),

  filterLatestArtifacts: async (context, { body }) => {
    const query = { ...queryOf(body), artifacts: latestFilter(body?.artifacts) };
    const found = await filterLatestArtifacts(context, query, body?.sort ?? 'ID_DESC');
    return { status: 200, body: thatFit(onPage(found, body).map(latestShape)) };
  },

  countLatestArtifacts: async (context, { body }) => {
    const query = { ...queryOf(body), artifacts: latestFilter(body?.artifacts) };
    return { status: 200, body: (await filterLatestArtifacts(context, query, 'ID_DESC')).length };
  },

  readArtifact: async (context, { path }) => ({
    status: 200,
    body: shape(await readArtifact(context, path.id)),
  }),

  /** As in Prefect, the id in this response is that of the key. */
  readLatestArtifact: async (context, { path }) => {
    const { latest_id: _, ...latest } = latestShape(await readLatestArtifact(context, path.key));
    return { status: 200, body: latest };
  },

  updateArtifact: async (context, { path, body }) => {
    const { data, description, metadata_: metadata } = body;
    await updateArtifact(context, path.id, {
      ...(data === undefined ? {} : { data }),
      ...(description === undefined ? {} : { description }),
      ...(metadata === undefined ? {} : { metadata }),
    });
    return { status: 204, body: undefined };
  },

  deleteArtifact: async (context, { path }) => {
    await deleteArtifact(context, path.id);
    return { status: 204, body: undefined };
  },
} satisfies Handles<keyof typeof artifactsRoutes>;

type Filters = Parameters<typeof filterArtifacts>[1];
type Body<Artifacts> = {
  readonly artifacts?: Artifacts;
  readonly flow_runs?: Filters['flowRuns'];
  readonly task_runs?: Filters['taskRuns'];
  readonly flows?: Filters['flows'];
  readonly deployments?: Filters['deployments'];
};

const queryOf = <Artifacts>(body: Body<Artifacts> | undefined) => ({
  artifacts: body?.artifacts,
  flowRuns: body?.flow_runs,
  taskRuns: body?.task_runs,
  flows: body?.flows,
  deployments: body?.deployments,
});

const latestFilter = <Filter extends { latest_id?: unknown }>(
  filter: Filter | null | undefined,
) => {
  if (!filter) return undefined;
  const { latest_id: id, ...rest } = filter;
  return { ...rest, id: id as Filter['latest_id'] };
};

const shape = (artifact: Artifact): z.output<typeof ArtifactSchema> => ({
  id: artifact.id,
  created: toIso(artifact.createdAt),
  updated: toIso(artifact.updatedAt),
  key: artifact.key,
  type: artifact.type,
  description: artifact.description,
  data: artifact.data,
  metadata_: artifact.metadata,
  flow_run_id: artifact.flowRunId,
  task_run_id: artifact.taskRunId,
});

const latestShape = ({ key, artifact }: LatestArtifact) => ({
  ...shape(artifact),
  id: key.id,
  created: toIso(key.createdAt),
  key: key.key,
  latest_id: artifact.id,
});
