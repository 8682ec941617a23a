import { expect, test } from 'vitest';
import { hydrateWith } from '../../core/parameters/hydrate.ts';
import { JsonText } from '../../model/values/json-text.ts';

const json = (value: string) => `{"__prefect_kind":"json","value":${JSON.stringify(value)}}`;
const jinja = (text: string) => `{"__prefect_kind":"jinja","template":${JSON.stringify(text)}}`;
const variable = (name: string) =>
  `{"__prefect_kind":"workspace_variable","variable_name":${JSON.stringify(name)}}`;

const VARIABLES = new Map([
  ['v', '{"a":1.0}'],
  ['name', '"v"'],
]);
const hydrate = async (text: string) => {
  const read = async (name: string) => {
    const value = VARIABLES.get(name);
    return value === undefined ? undefined : new JsonText(value);
  };
  return (await hydrateWith(new JsonText(text), 'flow run parameters', read)).text;
};

test.each([
  ['{"a": 1.0, "b": 12345678901234567890}', '{"a": 1.0, "b": 12345678901234567890}'],
  [`{"a":${json('3')},"b":1.0}`, '{"a":3,"b":1.0}'],
  [`{"a":{"b":[${json('{"x": 1e3}')},2.50]}}`, '{"a":{"b":[{"x": 1e3},2.50]}}'],
  ['{"a":{"__prefect_kind":"none","value":[1]}}', '{"a":[1]}'],
  ['{"a":{"__prefect_kind":"json"},"b":[{"__prefect_kind":"json"}]}', '{"b":[]}'],
  [json('{"a":1}'), '{"a":1}'],
  ['{"a":{"__prefect_kind":"json","value":7}}', '{"a":7}'],
  ['{"a":{"__prefect_kind":"json","value":null}}', '{"a":null}'],
  [`{"a":{"__prefect_kind":"json","value":${json('"[3]"')}}}`, '{"a":[3]}'],
  [`{"a":${json('[NaN, -Infinity, "NaN", 2]')}}`, '{"a":[null, null, "NaN", 2]}'],
  [`{"a":${json(json('3'))}}`, `{"a":${json('3')}}`],
  [`{"a":${jinja('{{ 1 + 1 }}')}}`, '{"a":"2"}'],
  [`{"a":${jinja('no template')}}`, '{"a":"no template"}'],
  [`{"a":{"__prefect_kind":"jinja","template":${json('"{{ 3 }}"')}}}`, '{"a":"3"}'],
  ['{"a":{"__prefect_kind":"jinja","template":[1.0]}}', '{"a":[1.0]}'],
  [`{"a":${variable('v')}}`, '{"a":{"a":1.0}}'],
  ['{"a":{"__prefect_kind":"workspace_variable"},"b":1}', '{"b":1}'],
  [
    `{"a":{"__prefect_kind":"workspace_variable","variable_name":${variable('name')}}}`,
    '{"a":{"a":1.0}}',
  ],
  ['{"a":{"__prefect_kind":"nope","value":[1]}}', '{"a":[1]}'],
])('%s becomes %s', async (given, expected) => {
  expect(await hydrate(given)).toBe(expected);
});

const INVALID = 'parameter_template_invalid';
test.each([
  [json('{'), INVALID, 'Invalid JSON: '],
  ['{"__prefect_kind":"none"}', INVALID, "Missing 'value' key in __prefect object"],
  ['{"__prefect_kind":"jinja"}', INVALID, "Missing 'template' key in __prefect object"],
  [jinja('{{ 1 + 1 }'), INVALID, 'Invalid jinja: '],
  ['{"__prefect_kind":"jinja","template":7}', INVALID, 'Invalid jinja: '],
  [variable('nope'), INVALID, "Variable 'nope' not found in workspace."],
  [json('['.repeat(600) + ']'.repeat(600)), INVALID, 'nested at most 500 levels'],
  [jinja('{{ "a" | wordwrap }}'), 'not_supported', 'the filter wordwrap in Jinja'],
])('%s is refused: %s, %s', async (a, code, why) => {
  const message = expect.stringContaining(why);
  await expect(hydrate(`{"a":${a}}`)).rejects.toMatchObject({ code, message });
});

test('what is nested deep only by being put into the parameters is refused, too', async () => {
  const deep = json('['.repeat(450) + ']'.repeat(450));
  expect(await hydrate(`{"a":${deep}}`)).toContain('[[[');
  const inside = '{"b":'.repeat(100) + deep + '}'.repeat(100);
  await expect(hydrate(inside)).rejects.toMatchObject({ code: INVALID });
});

test('parameters stay an object', async () => {
  await expect(hydrate(json('[1]'))).rejects.toMatchObject({ code: INVALID });
});

test('the variables of one request are read once each, and not without a bound', async () => {
  const names = Array.from({ length: 101 }, (_, index) => variable(`n${index}`));
  let read = 0;
  const readVariable = async () => {
    read++;
    return new JsonText('1');
  };
  const hydrated = (list: readonly string[]) =>
    hydrateWith(new JsonText(`{"a":[${list.join(',')}]}`), 'x', readVariable);
  await hydrated([variable('v'), variable('v'), variable('v')]);
  expect(read).toBe(1);
  await expect(hydrated(names)).rejects.toMatchObject({ code: INVALID });
});
