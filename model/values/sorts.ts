export const ARTIFACT_SORTS = [
  'ID_DESC',
  'CREATED_DESC',
  'UPDATED_DESC',
  'KEY_DESC',
  'KEY_ASC',
] as const;
export type ArtifactSort = (typeof ARTIFACT_SORTS)[number];

/** Prefect's sort orders; the first is the default. */
export const BLOCK_DOCUMENT_SORTS = ['NAME_ASC', 'NAME_DESC', 'BLOCK_TYPE_AND_NAME_ASC'] as const;
export type BlockDocumentSort = (typeof BLOCK_DOCUMENT_SORTS)[number];

export const TASK_RUN_SORTS = [
  'ID_DESC',
  'EXPECTED_START_TIME_ASC',
  'EXPECTED_START_TIME_DESC',
  'NAME_ASC',
  'NAME_DESC',
  'NEXT_SCHEDULED_START_TIME_ASC',
  'END_TIME_DESC',
  'DURATION_DESC',
  'DURATION_ASC',
] as const;
export type TaskRunSort = (typeof TASK_RUN_SORTS)[number];

/** The first is the default. */
export const OBSERVED_STATE_SORTS = ['LAST_SEEN_DESC', 'NAME_ASC'] as const;
export type ObservedStateSort = (typeof OBSERVED_STATE_SORTS)[number];

/** Prefect's sort orders of flows and deployments; the first is the default. */
export const RECORD_SORTS = ['NAME_ASC', 'NAME_DESC', 'CREATED_DESC', 'UPDATED_DESC'] as const;
export type RecordSort = (typeof RECORD_SORTS)[number];

export const RUN_SORTS = [
  'ID_DESC',
  'START_TIME_ASC',
  'START_TIME_DESC',
  'EXPECTED_START_TIME_ASC',
  'EXPECTED_START_TIME_DESC',
  'NAME_ASC',
  'NAME_DESC',
  'NEXT_SCHEDULED_START_TIME_ASC',
  'END_TIME_DESC',
] as const;
export type RunSort = (typeof RUN_SORTS)[number];
