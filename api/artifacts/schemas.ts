import * as z from 'zod';
import { headOf } from '../../model/values/cut-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { ARTIFACT_SORTS } from '../../model/values/sorts.ts';
import { isoText, limit, longText, offset, shortText, uuid } from '../fields/fields.ts';
import { DeploymentFilter, FlowFilter, operator } from '../fields/filters.ts';
import { havingRuns } from '../fields/run-filters.ts';
import { anyJson } from '../verbatim.ts';

/** Prefect's rule for artifact keys. */
const key = z
  .string()
  .max(255)
  .regex(/^[a-z0-9-]+$/, 'An artifact has a key of lower-case letters, digits and -.');
/** As in Prefect, long values are cut. */
const METADATA_VALUE = 500;
const metadataValue = z
  .string()
  .transform((text) =>
    text.length <= METADATA_VALUE ? text : `${headOf(text, METADATA_VALUE)}...`,
  );
const metadata_ = z
  .record(z.string(), metadataValue)
  .refine((all) => Buffer.byteLength(JSON.stringify(all)) <= NUMBERS.labelsBytes, {
    error: `Metadata may have at most ${NUMBERS.labelsBytes} bytes of JSON.`,
  })
  .nullish();
const changeable = {
  data: anyJson().nullish(),
  description: longText.nullish(),
  metadata_,
};

export const ArtifactCreate = z
  .strictObject({
    key: key.nullish(),
    type: shortText.nullish(),
    flow_run_id: uuid.nullish(),
    task_run_id: uuid.nullish(),
    ...changeable,
  })
  .meta({ id: 'ArtifactCreate' });
export const ArtifactUpdate = z.strictObject(changeable).meta({ id: 'ArtifactUpdate' });

const shown = {
  id: z.string(),
  created: isoText,
  updated: isoText,
  type: z.string().nullable(),
  description: z.string().nullable(),
  data: anyJson().nullable(),
  metadata_: z.record(z.string(), z.string()).nullable(),
  flow_run_id: z.string().nullable(),
  task_run_id: z.string().nullable(),
};
export const Artifact = z.object({ key: z.string().nullable(), ...shown }).meta({ id: 'Artifact' });
export const ArtifactCollection = z
  .object({ key: z.string(), latest_id: z.string(), ...shown })
  .meta({ id: 'ArtifactCollection' });

const ids = z.strictObject({ any_: z.array(uuid).nullish() }).nullish();
const texts = z.array(z.string()).nullish();
const criteria = {
  operator,
  key: z
    .strictObject({ any_: texts, like_: z.string().nullish(), exists_: z.boolean().nullish() })
    .nullish(),
  flow_run_id: ids,
  task_run_id: ids,
  type: z.strictObject({ any_: texts, not_any_: texts }).nullish(),
};
const ofRuns = {
  ...havingRuns,
  flows: FlowFilter.nullish(),
  deployments: DeploymentFilter.nullish(),
};
const page = { sort: z.enum(ARTIFACT_SORTS).nullish(), limit, offset };
const artifacts = z.strictObject({ id: ids, ...criteria }).nullish();
const latest = z.strictObject({ latest_id: ids, ...criteria }).nullish();

export const ArtifactsFilter = z.object({ artifacts, ...ofRuns, ...page }).optional();
export const ArtifactsCount = z.object({ artifacts, ...ofRuns }).optional();
export const LatestFilter = z.object({ artifacts: latest, ...ofRuns, ...page }).optional();
export const LatestCount = z.object({ artifacts: latest, ...ofRuns }).optional();
