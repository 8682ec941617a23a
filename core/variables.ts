import { DibsError } from '../model/values/errors.ts';
import type { JsonText } from '../model/values/json-text.ts';
import { NUMBERS } from '../model/values/numbers.ts';
import type { Variable } from '../model/variables.ts';
import type { Context } from './context.ts';
import { matchesVariable, type VariableFilter } from './filters/variables.ts';

type Wish = Pick<Variable, 'name' | 'value' | 'tags'>;
export type WhichVariable = { readonly id: string } | { readonly name: string };

/** @throws DibsError variable_exists, payload_too_large */
export async function createVariable(
  { store, newId, now }: Context,
  wish: Wish,
): Promise<Variable> {
  assertValue(wish.value);
  const at = now();
  const variable = { ...wish, id: newId(), generation: 1, createdAt: at, updatedAt: at };
  if ((await store.createVariable(variable)) === 'exists') throw nameTaken(wish.name);
  return variable;
}

/** @throws DibsError variable_not_found, too_busy */
export async function readVariable({ store }: Context, which: WhichVariable): Promise<Variable> {
  for (let tries = 0; tries < NUMBERS.decisions; tries++) {
    const name = 'name' in which ? which.name : await store.readVariableName(which.id);
    const variable = name === undefined ? undefined : await store.readVariable(name);
    if (variable && ('name' in which || variable.id === which.id)) return variable;
    if (name === undefined || 'name' in which) throw notFound();
    // Between the two reads, it was renamed. That does not mean that it is gone, so read again.
  }
  throw keptChanging();
}

/**
 * Changes a variable. Concurrent changes are applied one after the other.
 * @throws DibsError variable_not_found, variable_exists, payload_too_large, too_busy
 */
export async function updateVariable(
  context: Context,
  which: WhichVariable,
  change: Partial<Wish>,
): Promise<void> {
  if (change.value) assertValue(change.value);
  for (let tries = 0; tries < NUMBERS.decisions; tries++) {
    const variable = await readVariable(context, which);
    const changed = {
      ...variable,
      ...change,
      generation: variable.generation + 1,
      updatedAt: context.now(),
    };
    const done = await context.store.updateVariable(changed, variable.name);
    if (done === 'exists') throw nameTaken(changed.name);
    if (done === 'updated') return;
  }
  throw keptChanging();
}

/** @throws DibsError variable_not_found, too_busy */
export async function deleteVariable(context: Context, which: WhichVariable): Promise<void> {
  for (let tries = 0; tries < NUMBERS.decisions; tries++) {
    const variable = await readVariable(context, which);
    // It may have been renamed since, so look again.
    if ((await context.store.deleteVariable(variable)) === 'deleted') return;
  }
  throw keptChanging();
}

/** Returns the variables that match, in no order. */
export async function filterVariables(
  { store }: Context,
  filter: VariableFilter | null | undefined,
): Promise<Variable[]> {
  return (await store.listVariables()).filter(matchesVariable(filter));
}

function assertValue({ text }: JsonText): void {
  if (text.length <= NUMBERS.variableCharacters) return;
  throw new DibsError(
    'payload_too_large',
    `A variable may have at most ${NUMBERS.variableCharacters} characters of JSON; this one has ${text.length}.`,
    { hint: 'Store the data elsewhere, and keep its location in the variable.' },
  );
}

const keptChanging = () =>
  new DibsError('too_busy', 'This variable kept changing during the request.');
const notFound = () => new DibsError('variable_not_found', 'Variable not found.');
const nameTaken = (name: string) =>
  new DibsError('variable_exists', `A variable with the name "${name}" already exists.`);
