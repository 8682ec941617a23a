import { JsonText } from '../model/values/json-text.ts';
import type { Variable, VariableStore } from '../model/variables.ts';
import { allOf, itIsNew, itIsOfTheGenerationBefore, itIsTheOneRead } from './conditions.ts';
import { bound } from './dynamo/bound.ts';
import type { Dynamo } from './dynamo/dynamo.ts';
import { get, queryPartition } from './dynamo/read.ts';
import { transact } from './dynamo/transact.ts';
import type { Item } from './table/item.ts';
import { VARIABLES, variableKey, variablePlaceKey } from './table/keys.ts';

/**
 * The record is stored under the name, by which flows ask for it. Another item leads to it from its
 * id.
 */
async function createVariable(db: Dynamo, variable: Variable): Promise<'created' | 'exists'> {
  const done = await transact(db, [
    { Put: { Item: toItem(variable), ConditionExpression: itIsNew } },
    { Put: { Item: toPlace(variable) } },
  ]);
  return done.won || done.item?.['id'] === variable.id ? 'created' : 'exists';
}

async function readVariable(db: Dynamo, name: string): Promise<Variable | undefined> {
  const item = await get(db, variableKey(name));
  return item && fromItem(item);
}

async function readVariableName(db: Dynamo, id: string): Promise<string | undefined> {
  return (await get(db, variablePlaceKey(id)))?.['name'] as string | undefined;
}

async function listVariables(db: Dynamo): Promise<Variable[]> {
  return (await queryPartition(db, VARIABLES)).map(fromItem);
}

async function updateVariable(
  db: Dynamo,
  variable: Variable,
  formerName: string,
): Promise<'updated' | 'outrun' | 'exists'> {
  // The generation alone is not enough: a variable that was made anew under the name has one too.
  const onlyIfAsBefore = {
    ConditionExpression: allOf(itIsTheOneRead, itIsOfTheGenerationBefore),
    ExpressionAttributeValues: { ':id': variable.id, ':before': variable.generation - 1 },
  };
  const Item = toItem(variable);
  if (variable.name === formerName) {
    return (await transact(db, [{ Put: { Item, ...onlyIfAsBefore } }])).won ? 'updated' : 'outrun';
  }
  const done = await transact(db, [
    { Delete: { Key: variableKey(formerName), ...onlyIfAsBefore } },
    { Put: { Item, ConditionExpression: itIsNew } },
    { Put: { Item: toPlace(variable) } },
  ]);
  if (done.won) return 'updated';
  return done.at === 0 ? 'outrun' : 'exists';
}

async function deleteVariable(db: Dynamo, { id, name }: Variable): Promise<'deleted' | 'outrun'> {
  const done = await transact(db, [
    {
      Delete: {
        Key: variableKey(name),
        ConditionExpression: itIsTheOneRead,
        ExpressionAttributeValues: { ':id': id },
      },
    },
    { Delete: { Key: variablePlaceKey(id) } },
  ]);
  return done.won ? 'deleted' : 'outrun';
}

const toItem = (variable: Variable): Item => ({
  ...variable,
  ...variableKey(variable.name),
  value: variable.value.text,
});

const toPlace = ({ id, name }: Variable): Item => ({ ...variablePlaceKey(id), name });

const fromItem = ({ pk, sk, ...item }: Item): Variable =>
  ({ ...item, value: new JsonText(item['value'] as string) }) as Variable;

export const variableStore = (db: Dynamo): VariableStore =>
  bound(db, {
    createVariable,
    readVariable,
    readVariableName,
    listVariables,
    updateVariable,
    deleteVariable,
  });
