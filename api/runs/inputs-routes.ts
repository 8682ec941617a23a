import * as z from 'zod';
import type { Route } from '../route.ts';
import { textFile } from '../text-file.ts';
import { RunInput, RunInputCreate, RunInputsFilter } from './inputs-schemas.ts';

/** What is sent to runs, by key, and the runs that go on with it. */
export const inputsRoutes = {
  createFlowRunInput: {
    method: 'POST',
    path: '/api/flow_runs/{id}/input',
    owner: 'control',
    access: 'execute',
    about: 'run',
    summary: 'Send a value to a run, under a key that is not taken.',
    body: RunInputCreate,
    replies: { 201: null },
  },
  filterFlowRunInputs: {
    method: 'POST',
    path: '/api/flow_runs/{id}/input/filter',
    owner: 'control',
    access: 'read',
    about: 'run',
    summary: 'List what was sent to a run, by how the keys begin, oldest first.',
    body: RunInputsFilter,
    replies: { 200: z.array(RunInput) },
  },
  readFlowRunInput: {
    method: 'GET',
    path: '/api/flow_runs/{id}/input/{key}',
    owner: 'control',
    access: 'read',
    about: 'run',
    summary: 'Read the value under a key, as it was sent.',
    replies: { 200: textFile('text/plain') },
  },
  deleteFlowRunInput: {
    method: 'DELETE',
    path: '/api/flow_runs/{id}/input/{key}',
    owner: 'control',
    access: 'execute',
    about: 'run',
    summary: 'Delete the value under a key.',
    replies: { 204: null },
  },
} as const satisfies Record<string, Route>;
