import { afterAll, beforeAll, expect, test } from 'vitest';
import { deleteVariable, readVariable, updateVariable } from '../../core/variables.ts';
import { exchange, request } from '../support/http.ts';
import { interrupted } from '../support/interrupted.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const create = (name: string, value: unknown = 1) =>
  request(stack, 'POST', '/variables/', { name, value });
const read = async (name: string) => (await request(stack, 'GET', `/variables/name/${name}`)).body;
const change = (which: string, body: object) =>
  request(stack, 'PATCH', `/variables/${which}`, body);
const statuses = (answers: readonly { readonly status: number }[]) =>
  answers.map(({ status }) => status).sort();

test('a name is taken once, of many that try at the same time', async () => {
  const answers = await Promise.all([1, 2, 3, 4].map((n) => create('raced', n)));
  expect(statuses(answers)).toEqual([201, 409, 409, 409]);
  const won = answers.find(({ status }) => status === 201);
  expect(await read('raced')).toEqual(won?.body);
  expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
    code: 'variable_exists',
    hint: expect.any(String),
  });
});

test('a value comes back as the text that it was, big integers and all', async () => {
  const body = '{"name":"big","value":{"n":12345678901234567890,"x":1.0}}';
  await request(stack, 'POST', '/variables/', body);
  const answer = await exchange(stack, 'GET', '/variables/name/big');
  expect(answer.text).toContain('"value":{"n":12345678901234567890,"x":1.0}');
});

test('changes that come at once are all made, one after the other', async () => {
  const { body } = await create('changed');
  const answers = await Promise.all([
    change(body.id, { value: 2 }),
    change('name/changed', { tags: ['t'] }),
  ]);
  expect(statuses(answers)).toEqual([204, 204]);
  expect(await read('changed')).toMatchObject({ id: body.id, value: 2, tags: ['t'] });
});

test('of two that want one name at once one gets it, and the other keeps its own', async () => {
  const made = await Promise.all([create('one'), create('two')]);
  const answers = await Promise.all(made.map(({ body }) => change(body.id, { name: 'third' })));
  expect(statuses(answers)).toEqual([204, 409]);
  const lost = answers[0]?.status === 409 ? 'one' : 'two';
  expect(await read(lost)).toMatchObject({ name: lost });
  const ids = made.map(({ body }) => body.id);
  const list = { variables: { id: { any_: ids } } };
  const { body } = await request(stack, 'POST', '/variables/filter', list);
  expect(body.map(({ name }: { name: string }) => name)).toEqual([lost, 'third'].sort());
});

test('a name that was given up is free, and its former owner is found by its id', async () => {
  const { body } = await create('former');
  await change(body.id, { name: 'latter' });
  const again = await create('former', 'another');
  expect(again.status).toBe(201);
  expect((await request(stack, 'GET', `/variables/${body.id}`)).body.name).toBe('latter');
  await request(stack, 'DELETE', `/variables/${body.id}`);
  expect(await read('former')).toMatchObject({ value: 'another' });
  expect((await request(stack, 'GET', `/variables/${body.id}`)).status).toBe(404);
});

test('what is too long is refused with its bound', async () => {
  expect(await create('long', 'x'.repeat(5_000))).toMatchObject({
    status: 422,
    body: {
      code: 'payload_too_large',
      detail: 'A variable may have at most 5000 characters of JSON; this one has 5002.',
    },
  });
  expect((await create('long', 'x'.repeat(4_998))).status).toBe(201);
});

test('a variable that is renamed meanwhile is read, and deleted, by its id', async () => {
  const { body } = await create('moving');
  const rename = (name: string) => () => change(body.id, { name });
  const reading = interrupted(stack.context, 1, rename('moved'));
  expect(await readVariable(reading.context, { id: body.id })).toMatchObject({ name: 'moved' });
  const deleting = interrupted(stack.context, 2, rename('moved-on'));
  await deleteVariable(deleting.context, { id: body.id });
  expect(deleting.wasInterrupted()).toBe(true);
  expect((await read('moved-on')).detail).toBe('Variable not found.');
});

test('a change that was decided on a former variable of the name does not touch the new one', async () => {
  await create('again', 'former');
  const changing = interrupted(stack.context, 1, async () => {
    await request(stack, 'DELETE', '/variables/name/again');
    await create('again', 'new');
  });
  await updateVariable(changing.context, { name: 'again' }, { tags: ['t'] });
  expect(await read('again')).toMatchObject({ value: 'new', tags: ['t'] });
});
