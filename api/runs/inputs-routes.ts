import * as z from 'zod';
import type { Route } from '../route.ts';
import { textFile } from '../text-file.ts';
import { RunInput, RunInputCreate, RunInputsFilter } from './inputs-schemas.ts';

/** Inputs that are sent to runs by key. A paused run reads the answer it waits for from them. */
export const inputsRoutes = {
  createFlowRunInput: {
    method: 'POST',
    path: '/api/flow_runs/{id}/input',
    owner: 'control',
    access: 'execute',
    about: 'run',
    summary: 'Send a value to a run, under a key that is not in use.',
    body: RunInputCreate,
    replies: { 201: null },
  },
  filterFlowRunInputs: {
    method: 'POST',
    path: '/api/flow_runs/{id}/input/filter',
    owner: 'control',
    access: 'read',
    about: 'run',
    summary: 'List the inputs of a run whose keys begin with a prefix, oldest first.',
    body: RunInputsFilter,
    replies: { 200: z.array(RunInput) },
  },
  readFlowRunInput: {
    method: 'GET',
    path: '/api/flow_runs/{id}/input/{key}',
    owner: 'control',
    access: 'read',
    about: 'run',
    summary: 'Read the input with this key, as it was sent.',
    replies: { 200: textFile('text/plain') },
  },
  deleteFlowRunInput: {
    method: 'DELETE',
    path: '/api/flow_runs/{id}/input/{key}',
    owner: 'control',
    access: 'execute',
    about: 'run',
    summary: 'Delete the input with this key.',
    replies: { 204: null },
  },
} as const satisfies Record<string, Route>;
