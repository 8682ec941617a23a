import { isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { DibsError } from '../../model/values/errors.ts';
import { jsonExcess } from '../../model/values/json-excess.ts';
import { JsonText } from '../../model/values/json-text.ts';
import { NUMBERS } from '../../model/values/numbers.ts';
import { InvalidRequest } from './problems.ts';

/**
 * The text of a body. A body of another type than JSON is refused.
 * @throws InvalidRequest; DibsError media_type_unsupported
 */
export function bodyText({ body = '', isBase64Encoded, headers }: APIGatewayProxyEventV2): string {
  if (body === '') return '';
  assertJsonType(headers['content-type']);
  if (!isBase64Encoded) return body;
  const bytes = Buffer.from(body, 'base64');
  if (headers['content-encoding']?.toLowerCase() !== 'gzip') return utf8(bytes);
  let inflated: Buffer;
  try {
    inflated = gunzipSync(bytes, { maxOutputLength: NUMBERS.bodyBytes });
  } catch {
    const msg = `The body is not gzip, or has more than ${NUMBERS.bodyBytes} bytes.`;
    throw refused(msg, 'gzip_invalid');
  }
  return utf8(inflated);
}

/**
 * A web page may send forms and plain text to any server without asking it first, but no JSON. A
 * body without a type counts as JSON, as in Prefect.
 */
function assertJsonType(type: string | undefined): void {
  if (!type || /^\s*application\/([\w.-]+\+)?json\s*(;|$)/i.test(type)) return;
  const seen = JSON.stringify(type.slice(0, 100));
  throw new DibsError('media_type_unsupported', `Expected a body of JSON; its type is ${seen}.`);
}

/** Bytes that are not UTF-8 would be stored as other characters. */
function utf8(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw refused('The body is not UTF-8.', 'json_invalid');
}

/** @throws InvalidRequest if it is no JSON, nested too deep, or has too many values. */
export function parseBody(text: string): unknown {
  const excess = jsonExcess(text);
  if (excess) throw refused(excess.message, excess.type);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refused(`JSON decode error: ${(error as Error).message}`, 'json_invalid');
  }
}

/** @throws InvalidRequest if there is too much to check outside the fields that are kept as text. */
export function assertFewValues(body: unknown): void {
  let left: number = NUMBERS.checkedValues;
  const waiting = [body];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (value === null || typeof value !== 'object' || value instanceof JsonText) continue;
    const inside = Object.values(value);
    left -= inside.length;
    if (left < 0) {
      const msg = `Expected at most ${NUMBERS.checkedValues} values outside of parameters and data.`;
      throw refused(msg, 'json_too_large');
    }
    for (const one of inside) waiting.push(one);
  }
}

const refused = (msg: string, type: string) =>
  new InvalidRequest([{ loc: ['body'], msg, type }], { body: undefined, count: 1 });
