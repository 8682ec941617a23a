import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { obfuscated, withSecretsOf } from '../../core/blocks/block-secrets.ts';
import { canonicalFields } from '../../core/blocks/canonical-fields.ts';
import { JsonText } from '../../model/values/json-text.ts';

const checksum = (fields: string) =>
  createHash('sha256')
    .update(canonicalFields(new JsonText(fields)))
    .digest('hex');

test('a checksum is the one that Prefect computes: LocalFileSystem of 3.8.8', () => {
  const fields =
    '{"block_schema_references": {}, "block_type_slug": "local-file-system", "description": "Store data as a file on a local file system.", "properties": {"basepath": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null, "description": "Default local path for this block to write to.", "title": "Basepath", "position": 0}}, "secret_fields": [], "title": "LocalFileSystem", "type": "object"}';
  expect(checksum(fields)).toBe(LOCAL_FILE_SYSTEM);
});
const LOCAL_FILE_SYSTEM = '0fc8b7f936f38f465715ef2df4a817ac9fe38b80bb01d5c6c9649a6da6ae6971';

test('the canonical text is sorted, ASCII, without secret_fields, and keeps numbers as they are', () => {
  const fields = new JsonText(
    '{"b":[1.0, 12345678901234567890, {"z":1,"a":"ü\u2028"}],"secret_fields":["x"],"a":{"secret_fields":[],"k":null}}',
  );
  expect(canonicalFields(fields)).toBe(
    '[[{"a": {"k": null}, "b": [1.0, 12345678901234567890, {"a": "\\u00fc\\u2028", "z": 1}]}], {}]',
  );
});

test('definitions that nobody uses, or that are blocks of their own, do not count', () => {
  const fields = (definitions: object) =>
    canonicalFields(
      JsonText.of({
        properties: { a: { $ref: '#/definitions/A' }, b: { $ref: '#/definitions/B' } },
        definitions,
      }),
    );
  const own = { A: { properties: { again: { $ref: '#/definitions/A' } } } };
  const block = { B: { block_type_slug: 'b' } };
  expect(fields({ ...own, ...block, C: { type: 'object' } })).toBe(fields(own));
  expect(fields({ A: {} })).toBe(fields(block));
  expect(fields(block)).toBe(
    canonicalFields(
      JsonText.of({
        properties: { a: { $ref: '#/definitions/A' }, b: { $ref: '#/definitions/B' } },
      }),
    ),
  );
});

const FIELDS = JsonText.of({ secret_fields: ['password', 'auth.token', 'headers.*'] });
const DATA = new JsonText(
  '{"password": "p\\"w", "big": 12345678901234567890, "auth": {"token": ["a", "b"], "user": "u"}, "headers": {"a": "x", "b": {"c": 1}}, "none": null}',
);

test('secrets are shown as asterisks, whatever they are; the rest is as it was sent', () => {
  expect(obfuscated(DATA, FIELDS).text).toBe(
    '{"password": "********", "big": 12345678901234567890, "auth": {"token": "********", "user": "u"}, "headers": {"a": "********", "b": {"c": "********"}}, "none": null}',
  );
});

test('a name may have dots of its own', () => {
  const data = new JsonText(
    '{"auth.token": "a", "headers.x": "b", "auth": {"token": "c"}, "x": "d"}',
  );
  expect(obfuscated(data, JsonText.of({ secret_fields: ['auth.token', 'headers.x'] })).text).toBe(
    '{"auth.token": "********", "headers.x": "********", "auth": {"token": "********"}, "x": "d"}',
  );
});

test('what is not there, or null, is no secret', () => {
  const data = new JsonText('{"password": null, "auth": "none"}');
  expect(obfuscated(data, FIELDS).text).toBe(data.text);
});

test('a secret that stands under a path which names an object hides all that is in it', () => {
  const data = new JsonText('{"password": {"old": "a", "new": "b"}}');
  expect(obfuscated(data, FIELDS).text).toBe(
    '{"password": {"old": "********", "new": "********"}}',
  );
});

test('who sends asterisks back leaves the secrets as they are', () => {
  const shown = JSON.parse(obfuscated(DATA, FIELDS).text);
  const sent = JsonText.of({ ...shown, password: 'new', none: 'some' });
  expect(withSecretsOf(DATA, sent, FIELDS).parse()).toEqual({
    ...JSON.parse(DATA.text),
    password: 'new',
    none: 'some',
  });
});
