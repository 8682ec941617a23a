import type { RunInputStore } from '../../model/runs/input-store.ts';
import type { RunStore } from '../../model/runs/run-store.ts';
import type { Instant } from '../../model/values/instant.ts';
import { bound } from '../dynamo/bound.ts';
import type { Dynamo } from '../dynamo/dynamo.ts';
import type { Days } from '../lists/days.ts';
import { listChildRuns, listFailed, listRuns } from '../lists/list-runs.ts';
import { deleteBeside } from './delete-beside.ts';
import { deleteRun } from './delete-run.ts';
import { forgetRun } from './forget-run.ts';
import { readPayload, readPayloadHead, savePayload } from './payloads.ts';
import { createInput, deleteInput, listInputs, readInput } from './run-inputs.ts';
import { createRun, readMovedStates, readRun, readRuns, updateRun } from './runs.ts';
import { updateLabels } from './update-labels.ts';

export const runStore = (db: Dynamo, days: Days, now: () => Instant): RunStore & RunInputStore => ({
  ...bound(db, {
    readRun,
    readRuns,
    updateRun,
    deleteRun,
    forgetRun,
    deleteBeside,
    updateLabels,
    readMovedStates,
    readPayload,
    readPayloadHead,
    listFailed,
    listChildRuns,
    createInput,
    readInput,
    listInputs,
    deleteInput,
  }),
  createRun: (run, terms) => createRun(db, days, run, terms),
  savePayload: (owner, text) => savePayload(db, owner, text, now()),
  listDays: () => days.list(),
  listRuns: (window) => listRuns(db, days, window),
});
