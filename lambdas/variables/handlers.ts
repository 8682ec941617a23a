import type * as z from 'zod';
import type { variablesRoutes } from '../../api/variables/routes.ts';
import type { VariableUpdate, Variable as VariableView } from '../../api/variables/schemas.ts';
import type { Context } from '../../core/context.ts';
import { sortRecords } from '../../core/criteria/sort-records.ts';
import {
  createVariable,
  deleteVariable,
  filterVariables,
  readVariable,
  updateVariable,
  type WhichVariable,
} from '../../core/variables.ts';
import { toIso } from '../../model/values/instant.ts';
import { JsonText } from '../../model/values/json-text.ts';
import type { Variable } from '../../model/variables.ts';
import type { Handles } from '../http/http.ts';
import { onPage, thatFit } from '../http/page.ts';

const NULL = new JsonText('null');

export const variableHandlers = {
  createVariable: async (context, { body }) => {
    const { name, value, tags = [] } = body;
    const variable = await createVariable(context, { name, value: value ?? NULL, tags });
    return { status: 201, body: shape(variable) };
  },

  filterVariables: async (context, { body }) => {
    const found = sortRecords(await filterVariables(context, body?.variables), body?.sort);
    return { status: 200, body: thatFit(onPage(found, body).map(shape)) };
  },

  countVariables: async (context, { body }) => ({
    status: 200,
    body: (await filterVariables(context, body?.variables)).length,
  }),

  readVariable: async (context, { path }) => ({
    status: 200,
    body: shape(await readVariable(context, { id: path.id })),
  }),

  readVariableByName: async (context, { path }) => ({
    status: 200,
    body: shape(await readVariable(context, { name: path.variable })),
  }),

  updateVariable: (context, { path, body }) => update(context, { id: path.id }, body),

  updateVariableByName: (context, { path, body }) => update(context, { name: path.variable }, body),

  deleteVariable: async (context, { path }) => {
    await deleteVariable(context, { id: path.id });
    return { status: 204, body: undefined };
  },

  deleteVariableByName: async (context, { path }) => {
    await deleteVariable(context, { name: path.variable });
    return { status: 204, body: undefined };
  },
} satisfies Handles<keyof typeof variablesRoutes>;

async function update(
  context: Context,
  which: WhichVariable,
  { name, value, tags }: z.output<typeof VariableUpdate>,
) {
  await updateVariable(context, which, {
    ...(name === undefined ? {} : { name }),
    ...(value === undefined ? {} : { value: value ?? NULL }),
    ...(tags === undefined ? {} : { tags }),
  });
  return { status: 204 as const, body: undefined };
}

const shape = (variable: Variable): z.output<typeof VariableView> => ({
  id: variable.id,
  created: toIso(variable.createdAt),
  updated: toIso(variable.updatedAt),
  name: variable.name,
  value: variable.value,
  tags: [...variable.tags],
});
