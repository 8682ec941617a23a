import * as z from 'zod';
import type { Route } from '../route.ts';
import {
  Variable,
  VariableCreate,
  VariablesCount,
  VariablesFilter,
  VariableUpdate,
} from '../schemas/variables.ts';

/** Variables. */
export const variablesRoutes = {
  createVariable: {
    method: 'POST',
    path: '/api/variables/',
    owner: 'control',
    summary: 'Create a variable, under a name that is not taken.',
    body: VariableCreate,
    replies: { 201: Variable },
  },
  filterVariables: {
    method: 'POST',
    path: '/api/variables/filter',
    owner: 'control',
    summary: 'List variables.',
    body: VariablesFilter,
    replies: { 200: z.array(Variable) },
  },
  countVariables: {
    method: 'POST',
    path: '/api/variables/count',
    owner: 'control',
    summary: 'Count variables.',
    body: VariablesCount,
    replies: { 200: z.number() },
  },
  readVariable: {
    method: 'GET',
    path: '/api/variables/{id}',
    owner: 'control',
    summary: 'Read a variable.',
    replies: { 200: Variable },
  },
  readVariableByName: {
    method: 'GET',
    path: '/api/variables/name/{variable}',
    owner: 'control',
    summary: 'Read a variable by its name.',
    replies: { 200: Variable },
  },
  updateVariable: {
    method: 'PATCH',
    path: '/api/variables/{id}',
    owner: 'control',
    summary: 'Change the name, value or tags of a variable.',
    body: VariableUpdate,
    replies: { 204: null },
  },
  updateVariableByName: {
    method: 'PATCH',
    path: '/api/variables/name/{variable}',
    owner: 'control',
    summary: 'Change the name, value or tags of a variable, by its name.',
    body: VariableUpdate,
    replies: { 204: null },
  },
  deleteVariable: {
    method: 'DELETE',
    path: '/api/variables/{id}',
    owner: 'control',
    summary: 'Delete a variable.',
    replies: { 204: null },
  },
  deleteVariableByName: {
    method: 'DELETE',
    path: '/api/variables/name/{variable}',
    owner: 'control',
    summary: 'Delete a variable, by its name.',
    replies: { 204: null },
  },
} as const satisfies Record<string, Route>;
