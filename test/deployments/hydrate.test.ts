import { expect, test } from 'vitest';
import { hydrate } from '../../core/parameters/hydrate.ts';
import { JsonText } from '../../model/values/json-text.ts';

const json = (value: string) => `{"__prefect_kind":"json","value":${JSON.stringify(value)}}`;

test.each([
  ['{"a": 1.0, "b": 12345678901234567890}', '{"a": 1.0, "b": 12345678901234567890}'],
  [`{"a":${json('3')},"b":1.0}`, '{"a":3,"b":1.0}'],
  [`{"a":{"b":[${json('{"x": 1e3}')},2.50]}}`, '{"a":{"b":[{"x": 1e3},2.50]}}'],
  ['{"a":{"__prefect_kind":"none","value":[1]}}', '{"a":[1]}'],
  ['{"a":{"__prefect_kind":"json"},"b":[{"__prefect_kind":"json"}]}', '{"b":[]}'],
  [json('{"a":1}'), '{"a":1}'],
])('%s becomes %s', (given, expected) => {
  expect(hydrate(new JsonText(given)).text).toBe(expected);
});

test.each([
  [json('{'), 'parameter_template_invalid'],
  ['{"__prefect_kind":"json","value":3}', 'parameter_template_invalid'],
  ['{"__prefect_kind":"none"}', 'parameter_template_invalid'],
  ['{"__prefect_kind":"workspace_variable","variable_name":"v"}', 'not_supported'],
])('%s is refused: %s', (a, code) => {
  expect(() => hydrate(new JsonText(`{"a":${a}}`))).toThrow(expect.objectContaining({ code }));
});
